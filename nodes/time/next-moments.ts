import type { NodeContext } from "#engine/flow/node-executor.ts";

/** One contact that comes to a step which waits by the clock, and goes on. */
export interface ClockMoment {
  comes: Date;
  goesOn: Date;
  exit: string;
  /** Until when it would have been let through; undefined where that never ends, or the step has no such end. */
  closes?: Date | undefined;
  problem?: string;
}

export interface ClockMoments {
  /** The zone in which hours and days are counted. */
  zone: string;
  zoneOf: "contact" | "workspace";
  moments: ClockMoment[];
}

/** Finds when contacts go on that come now, and then one after the other. It asks the executor, which decides when they run. */
export type FindMoments<Config> = (context: NodeContext<Config>) => ClockMoments;

export const mostMoments = 3;
