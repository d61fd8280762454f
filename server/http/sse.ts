import type { Response } from "express";

export interface EventStream {
  /** A full snapshot: whoever missed the ones before has missed nothing. Dropped while the client reads too slowly. */
  send(data: unknown): void;
  end(): void;
}

/** Often enough that proxies (which give up after 30 to 60 s of silence) keep the connection. */
const pingEvery = 15_000;
/** Then the client connects anew, and is asked anew who it is and whether it still belongs here. */
const longestStream = 10 * 60_000;

/** Turns a response into a stream of server-sent events. */
export function openEventStream(res: Response, signal: AbortSignal): EventStream {
  res.status(200).set({
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    // Proxies that buffer would deliver the progress at its end.
    "X-Accel-Buffering": "no",
  });
  res.flushHeaders();
  // How long the browser waits before it connects again, should the connection break.
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
