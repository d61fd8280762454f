import type { Random } from "./random.ts";

/** The small size runs for every commit, on two busy cores. Published claims rest on the full size. */
export type Size = "small" | "full";

export interface ChaosContext {
  seed: number;
  size: Size;
  /** Everything random is drawn from here, so that a seed repeats its plan. */
  random: Random;
  /** Prints a line for the person at the terminal. */
  say(text: string): void;
}

/** One condition that must hold, and what was measured. */
export interface Finding {
  what: string;
  goal: string;
  measured: string | number;
  held: boolean;
}

/** One test of the published contract under faults. */
export interface Scenario {
  /** Its name in the contract: R1 … R21. */
  id: string;
  title: string;
  /** Why it cannot run on this machine; undefined or left out if it can. */
  whyNot?(): string | undefined;
  run(context: ChaosContext): Promise<Finding[]>;
}
