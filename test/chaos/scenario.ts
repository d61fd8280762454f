import type { Random } from "./random.ts";

/** Small is for every commit, on two busy cores; full is what a claim rests on. */
export type Size = "small" | "full";

export interface ChaosContext {
  seed: number;
  size: Size;
  /** Everything that is left to chance is drawn from here, so that a seed repeats its plan. */
  random: Random;
  /** A line for whoever watches. */
  say(text: string): void;
}

/** One thing that was to hold, and what was seen. */
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
  /** Why it cannot run on this machine; left out or undefined: it can. */
  whyNot?(): string | undefined;
  run(context: ChaosContext): Promise<Finding[]>;
}
