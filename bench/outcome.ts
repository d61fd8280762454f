import { round } from "./statistics.ts";

/** A goal and the measured value. The numbers decide `met`, never a person. */
export interface Goal {
  what: string;
  goal: string;
  measured: number;
  met: boolean;
}

/** What a bench found: it becomes bench/results/<name>.json. */
export interface Outcome {
  figures: Record<string, unknown>;
  goals: Goal[];
  /** How it was measured, and what the figures do not say. */
  notes: string[];
}

export interface BenchOptions {
  /** Small sizes: whether the bench still runs and adds up, not how fast the machine is. */
  quick: boolean;
  /** Only for `throughput`. */
  contacts?: number;
  rounds?: number;
}

export const below = (what: string, measured: number, limit: number, unit: string): Goal => ({
  what,
  goal: `< ${limit} ${unit}`,
  measured: round(measured),
  met: measured < limit,
});

export const atLeast = (what: string, measured: number, limit: number, unit: string): Goal => ({
  what,
  goal: `≥ ${limit} ${unit}`,
  measured: round(measured),
  met: measured >= limit,
});

/** A goal that must be met exactly, such as that nothing is lost and nothing is counted twice. */
export const exactly = (what: string, measured: number, wanted: number): Goal => ({
  what,
  goal: `= ${wanted}`,
  measured,
  met: measured === wanted,
});
