import { smallSend } from "../schedule/turn-rows.ts";
import type { QueuedJob } from "./driver.ts";
import { enrollPriority, quickPriority, stoppedSendPriority, turnPriority } from "./job-priorities.ts";

/**
 * What there is to do stands in rows. These jobs only say that somebody should look: one too many finds nothing, and a
 * lost one is rung for again by the timers.
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

export const enrollJob = (send: { id: string; expected: number }, place: { after: string | null; done: number }): QueuedJob => ({
  kind: "enroll",
  sendId: send.id,
  ...place,
  priority: enrollPriority(send.expected),
});

/** How soon to ask again whether a message in flight was answered. */
const inFlightDelayMs = 500;

export const cancelJob = (executionId: string): QueuedJob => ({
  kind: "cancel",
  executionId,
  delayMs: inFlightDelayMs,
  priority: stoppedSendPriority,
});

export const finishStoppedSendJob = (sendId: string, from = 0, delayMs = 0): QueuedJob => ({
  kind: "settle",
  sendId,
  from,
  delayMs,
  priority: stoppedSendPriority,
});
