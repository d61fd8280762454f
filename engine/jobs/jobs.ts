import type { Job, QueuedJob } from "./driver.ts";
import {
  bulkPriority,
  enrollPriority,
  forecastPriority,
  movePriority,
  quickPriority,
  stoppedSendPriority,
  turnPriority,
} from "./job-priorities.ts";
import { smallSend } from "./work-sizes.ts";

/**
 * Jobs that make a worker look at a workspace. The work itself stands in rows, so a turn too many finds nothing, and a
 * lost one is handed over again by the look for what is due.
 *
 * @param options.turns how many turns to hand over, each under a slot of its own; a workspace has one quick turn
 */
export function turnJobs(workspaceId: string, options: { quick: boolean; turns?: number }): QueuedJob[] {
  const { quick, turns = 1 } = options;
  return Array.from({ length: quick ? 1 : turns }, (_, slot) => ({
    kind: "turn",
    workspaceId,
    quick,
    slot,
    priority: quick ? quickPriority : turnPriority,
  }));
}

export const isSmall = (send: { expected: number }) => send.expected <= smallSend;

/** The next page of a send's audience, which begins behind the contact `after`. `done` contacts were looked at before it. */
export const enrollJob = (send: { id: string; expected: number }, place: { after: string | null; done: number }): QueuedJob => ({
  kind: "enroll",
  sendId: send.id,
  ...place,
  priority: enrollPriority(send.expected),
});

/** Milliseconds until it is asked again whether a message in flight was answered. */
const inFlightDelayMs = 500;

export const cancelJob = (executionId: string): QueuedJob => ({
  kind: "cancel",
  executionId,
  delayMs: inFlightDelayMs,
  priority: stoppedSendPriority,
});

export const finishStoppedSendJob = (sendId: string, from = 0, delayMs = 0): QueuedJob => ({
  kind: "finish_stopped_send",
  sendId,
  from,
  delayMs,
  priority: stoppedSendPriority,
});

/** Moves people of a publication, from its first version on unless told otherwise. */
export const moveJob = (
  publicationId: string,
  { version = 0, after = null, sweep = 0 }: { version?: number; after?: string | null; sweep?: number } = {},
  delayMs = 0,
): QueuedJob => ({ kind: "move", publicationId, version, after, sweep, delayMs, priority: movePriority });

export const bulkJob = (workspaceId: string, delayMs = 0): QueuedJob => ({ kind: "bulk", workspaceId, delayMs, priority: bulkPriority });

export const forecastJob = (forecastId: string, delayMs = 0): QueuedJob => ({
  kind: "forecast",
  forecastId,
  delayMs,
  priority: forecastPriority,
});

/** It lets contacts in, as an enroll job does. */
export const healJob = (sendId: string): QueuedJob => ({ kind: "heal", sendId, priority: enrollPriority(smallSend) });

/** Kinds of jobs under their former names. An earlier version may have queued jobs that are still waiting. */
const formerNames: Readonly<Record<string, Job["kind"]>> = { settle: "finish_stopped_send" };

export function withPresentName<J extends Job>(job: J): J {
  const kind = formerNames[job.kind];
  return kind === undefined ? job : { ...job, kind };
}
