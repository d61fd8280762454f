// Named points at which a test may pause the engine or end the process, because some of them are never hit by chance.
// In production nothing listens, and passing a point does nothing.

/** Points that a send passes on its way. Some of them lie at an effect that only some flows have. */
export const sendBreakPoints = [
  "before-ring",
  "send-created",
  "page-enrolled",
  "portion-taken",
  "chunk-read",
  "messages-claimed",
  "provider-called",
  "provider-answered",
  "batch-answered",
  "changing",
  "changes-committed",
  "starting",
  "starts-committed",
  "leaving",
  "leaves-committed",
  "call-claimed",
  "call-answered",
  "answers-saved",
  "before-save",
  "saving",
  "chunk-saved",
  "timers-handed-over",
] as const;

/** Points that are passed only when a person steps in. */
const commandBreakPoints = [
  "send-stopped",
  "send-approved",
  "reschedule-let-go",
  "stopped-send-page-ended",
  "cancel-requested",
  "wait-held",
  "wait-changed",
  "retried",
  "heal-counting",
  "heal-counted",
  "heal-begun",
  "heal-page",
  "flow-published",
  "people-moving",
  "people-moved",
  "bulk-job-created",
  "bulk-job-frozen",
  "bulk-pass-written",
  "bulk-pass-committed",
  "forecast-page-kept",
  "secrets-written",
  "secrets-committed",
  "hand-message-claimed",
  "canary-seen",
  "canary-deciding",
  "canary-decided",
  "canary-opened",
] as const;

/** Points that are passed only when a message in doubt is looked up with its provider. */
const doubtBreakPoints = ["doubt-looked-up", "doubt-settled"] as const;

export const breakPoints = [...sendBreakPoints, ...commandBreakPoints, ...doubtBreakPoints] as const;
export type BreakPoint = (typeof breakPoints)[number];

let listener: ((point: BreakPoint) => void | Promise<void>) | undefined;

export function onBreakPoint(listen: typeof listener): void {
  listener = listen;
}

export async function breakPoint(point: BreakPoint): Promise<void> {
  if (listener) await listener(point);
}

/** A test throws this to leave everything as a killed process would. The engine never handles it. */
export class SimulatedCrash extends Error {
  override name = "SimulatedCrash";
}

/** Whether a test listens. Asked before points that are passed once per message, where the call itself would cost. */
export const isListening = () => listener !== undefined;
