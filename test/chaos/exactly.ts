import type { Finding } from "./scenario.ts";

/** A number that has to be exactly this one. */
export const exactly = (what: string, measured: number, goal: number): Finding => ({
  what,
  measured,
  goal: String(goal),
  held: measured === goal,
});

export const atMost = (what: string, measured: number, goal: number, unit = ""): Finding => ({
  what,
  measured: `${Math.round(measured * 10) / 10}${unit}`,
  goal: `at most ${goal}${unit}`,
  held: measured <= goal,
});

/** A lower limit. Below it the fault never met the work, and all other findings would mean nothing. */
export const atLeast = (what: string, measured: number, goal: number): Finding => ({
  what,
  measured,
  goal: `at least ${goal}`,
  held: measured >= goal,
});

/** The value below which so many of a hundred values are; 0 for no values. */
export function percentile(values: readonly number[], of100: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * of100) / 100))] ?? 0;
}
