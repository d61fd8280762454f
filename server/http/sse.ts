import type { Response } from "express";

export interface EventStream {
  /**
   * Sends a full snapshot, so a client that missed earlier ones has missed nothing. It is dropped while the client
   * reads too slowly.
   */
  send(data: unknown): void;
  end(): void;
}

/** Proxies give up after 30 to 60 s of silence. A ping every 15 s keeps the connection open. */
const pingEvery = 15_000;
/**
 * After ten minutes the stream ends. The client then connects anew, and its session and membership are checked again.
 */
const longestStream = 10 * 60_000;

/** Turns a response into a stream of server-sent events. */
export function openEventStream(res: Response, signal: AbortSignal): EventStream {
  res.status(200).set({
    "Content-Type": "text/event-stream; charset=utf-8",
    // A proxy that compresses or buffers would deliver the progress only at the end.
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
  });
  res.flushHeaders();
  // The browser waits this long before it connects again after the connection breaks.
  res.write("retry: 2000\n\n");

  const ping = setInterval(() => res.write(": ping\n\n"), pingEvery);
  const limit = setTimeout(() => end(), longestStream);
  const stopTimers = () => {
    clearInterval(ping);
    clearTimeout(limit);
  };
  const end = () => {
    stopTimers();
    if (!signal.aborted) res.end();
  };
  signal.addEventListener("abort", stopTimers, { once: true });
  if (signal.aborted) stopTimers();

  return {
    send: (data) => {
      if (!signal.aborted && !res.writableEnded && !res.writableNeedDrain) res.write(`data: ${JSON.stringify(data)}\n\n`);
    },
    end,
  };
}
