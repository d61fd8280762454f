interface Link {
  from: string;
  to: string;
}

/**
 * Numbers the parts of a flow. Part 0 is what executions can reach from where they begin. Everything else is not
 * connected, and each piece of it that hangs together is a part of its own.
 */
export const partsOf = (ids: readonly string[], entries: readonly string[], links: readonly Link[]): Map<string, number> => {
  const ahead = neighbours(links);
  const around = neighbours([...links, ...links.map(({ from, to }) => ({ from: to, to: from }))]);
  const parts = new Map<string, number>();
  const fill = (from: readonly string[], part: number, next: Map<string, string[]>) => {
    const open = [...from];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (parts.has(id)) continue;
      parts.set(id, part);
      open.push(...(next.get(id) ?? []));
    }
  };
  const targets = new Set(links.map(({ to }) => to));
  const first = ids.find((id) => !targets.has(id)) ?? ids[0];
  fill(entries.length > 0 ? entries : first === undefined ? [] : [first], 0, ahead);
  let part = 0;
  for (const id of ids) if (!parts.has(id)) fill([id], ++part, around);
  return parts;
};

const neighbours = (links: readonly Link[]): Map<string, string[]> => {
  const next = new Map<string, string[]>();
  for (const { from, to } of links) {
    const known = next.get(from);
    if (known) known.push(to);
    else next.set(from, [to]);
  }
  return next;
};
