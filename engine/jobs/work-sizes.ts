/**
 * How much work is done at once. The numbers that decide it stand here, because they depend on one another: a send of one
 * chunk needs one lane, and a quick turn takes as many small sends as fill a portion.
 */

/** A send of up to this many contacts is small. Small sends go by quick turns, past the large ones. */
export const smallSend = 25;

/** Executions that a turn takes at once. */
export const portionSize = 500;

/** Turns that a workspace may have at once, unless its row in private.workspace_limits says otherwise. */
export const defaultLanes = 4;

/** Turns handed over at once when a send is resumed. As many as a large send has lanes are of use. */
export const turnsOnResume = 3;

/** Turns handed over at once when executions are retried. */
export const turnsOnRetry = 2;

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
  /** Executions in one chunk of a send. */
  chunk: number;
  /** Lanes of a send that has more than one chunk. They keep both the database and a worker busy. */
  lanesOfLargeSend: number;
  /** Contacts that one pass of a bulk change changes. */
  bulkPass: number;
  /** People whom one job of a publication moves to the new version. */
  movePortion: number;
}

export const defaultWorkSizes: WorkSizes = {
  enrollPage: 10_000,
  chunk: portionSize,
  lanesOfLargeSend: 3,
  bulkPass: 2_000,
  movePortion: 10_000,
};
