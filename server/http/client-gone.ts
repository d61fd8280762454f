import type { Response } from "express";

/** Aborts when the client has gone away or has its answer. Work that still runs for the request may then stop. */
export function signalOf(res: Response): AbortSignal {
  const controller = new AbortController();
  res.once("close", () => controller.abort());
  return controller.signal;
}
