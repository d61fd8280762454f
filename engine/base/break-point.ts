/**
 * Named moments at which a test may stop the world or end the process, because pure chance never hits some of them.
 * In production nothing listens and nothing happens.
 */
export const breakPoints = [
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
  "send-stopped",
  "stopped-send-page-ended",
  "cancel-requested",
  "retried",
] as const;
export type BreakPoint = (typeof breakPoints)[number];

let listener: ((point: BreakPoint) => void | Promise<void>) | undefined;

export function onBreakPoint(listen: typeof listener): void {
  listener = listen;
}

export async function breakPoint(point: BreakPoint): Promise<void> {
  if (listener) await listener(point);
}

/** Thrown by a test to leave everything as a killed process would. The engine does nothing about it, on purpose. */
export class SimulatedCrash extends Error {
  override name = "SimulatedCrash";
}

/** Whether anybody listens: asked first where the call itself would cost, once per message. */
export const isListening = () => listener !== undefined;
