/** An id of at most so many characters that nobody has, which is taken from then on. What tells long ids apart stands at their end. */
export function freeId(id: string, taken: Set<string>, { longest, sign }: { longest: number; sign: "-" | "_" }): string {
  let free = id.slice(-longest);
  for (let count = 2; taken.has(free); count += 1) free = `${id.slice(-(longest - 10))}${sign}${count}`;
  taken.add(free);
  return free;
}

export const ofNodes = { longest: 100, sign: "_" } as const;
export const ofEdges = { longest: 200, sign: "-" } as const;
