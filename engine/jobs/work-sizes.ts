import { forecastAtOnce } from "#contract/forecasts.ts";

/**
 * How much work is done at once. The numbers that decide it stand here, because they depend on one another: a send of one
 * chunk needs one lane, and a quick turn takes as many small sends as fill a portion.
 */

/** A send of up to this many contacts is small. Small sends go by quick turns, past the large ones. */
export const smallSend = 25;

/** Executions that a turn takes at once. */
export const portionSize = 500;

/** The executions of a send of up to this many have a run of Trigger.dev each, while no more than this many are due in the workspace; all others share runs of a portion. */
export const oneByOne = 500;

/** Named contacts up to this number are enrolled before the answer, which then says what became of each. */
export const enrolledAtOnce = 500;

/** Executions that one pass over a stopped send ends. */
export const stoppedSendPage = 5_000;

/** Sizes that tests make smaller, so that a small send passes through every part of a large one. */
export interface WorkSizes {
  /** Contacts that one enrol job enrols. */
  enrollPage: number;
  /** Executions in one chunk of a send, at least and at most. */
  smallestChunk: number;
  largestChunk: number;
  /** Lanes of a send that has at least this many chunks. Each lane is in one turn at a time. */
  mostLanes: number;
  /** Contacts of each kind that a count of who can be reached now looks at. Of a send with more, it is a count of a part. */
  healCount: number;
  /** Contacts that one pass of a bulk change changes. */
  bulkPass: number;
  /** People whom one job of a publication moves to the new version. */
  movePortion: number;
  /** Contacts of a forecast that is answered at once. A worker walks a larger one. */
  forecastAtOnce: number;
  /**
   * Contacts that a forecast reads and walks at a time. While it walks, a statement is sent on only every 20 ms, so the next page is there
   * in time only where walking one takes longer than that for each statement.
   */
  forecastPage: number;
}

export const defaultWorkSizes: WorkSizes = {
  enrollPage: 10_000,
  smallestChunk: 64,
  largestChunk: portionSize,
  mostLanes: 16,
  healCount: 10_000,
  bulkPass: 2_000,
  movePortion: 10_000,
  forecastAtOnce,
  forecastPage: 5_000,
};

/** Chunks for each lane of a send that several workers share, unless they become too small or too large. */
const chunksPerLane = 3;

/**
 * How a send of this many contacts is divided. Several workers share small chunks, so that none of them waits for the last chunk
 * of another. One worker has nobody to share with: chunks of 100 would cost it a tenth more for each execution, or a fifth
 * in a send of 500 (bench/divisions.ts).
 */
export function divideSend(
  { smallestChunk, largestChunk, mostLanes }: WorkSizes,
  { expected, workers }: { expected: number; workers: number },
): { chunkSize: number; lanes: number } {
  const shared = Math.max(smallestChunk, Math.ceil(expected / (mostLanes * chunksPerLane)));
  const chunkSize = workers > 1 ? Math.min(largestChunk, shared) : largestChunk;
  return { chunkSize, lanes: expected <= smallSend ? 1 : Math.min(mostLanes, Math.ceil(expected / chunkSize)) };
}
