import type { Response } from "express";

/** Aborts when the client went away or has its answer: whatever is still running for it may stop. */
export function signalOf(res: Response): AbortSignal {
  const controller = new AbortController();
  res.once("close", () => controller.abort());
  return controller.signal;
}
