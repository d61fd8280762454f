import { useEffect, useRef, useState } from "react";
import type { z } from "zod";
import { parseJson } from "./api-error.ts";
import { openEventStream } from "./open-event-stream.ts";

export type EventSourceState = "connecting" | "open" | "reconnecting" | "ended";

interface Options<T> {
  /** True for the last event there will be: the connection is then closed for good. */
  isLast?: (event: T) => boolean;
}

/**
 * Live events of a route, parsed: `useEventSource(apiUrl("sendEvents", { params: { id } }), Send)`. Every event is a
 * full snapshot, so a lost connection needs no memory: it is made again, later and later, until it answers.
 * `url` null means: not now.
 */
export function useEventSource<Schema extends z.ZodType>(url: string | null, schema: Schema, options: Options<z.output<Schema>> = {}) {
  const [data, setData] = useState<z.output<Schema> | undefined>(undefined);
  const [state, setState] = useState<EventSourceState>("connecting");
  const isLast = useRef(options.isLast);
  isLast.current = options.isLast;

  useEffect(() => {
    setData(undefined);
    setState("connecting");
    if (url === null) return;
    let source: EventSource;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    const end = () => {
      source.close();
      setState("ended");
    };
    const connect = () => {
      source = openEventStream(url);
      source.onopen = () => {
        failures = 0;
        setState("open");
      };
      source.onmessage = (message) => {
        const event = schema.safeParse(parseJson(message.data));
        if (!event.success) return; // A newer server's kind of event; the next snapshot tells all the same.
        setData(event.data);
        if (isLast.current?.(event.data)) end();
      };
      source.addEventListener("end", end);
      // The browser's own reconnecting gives up after an HTTP error and hammers after a cut: ours does neither.
      source.onerror = () => {
        source.close();
        setState("reconnecting");
        timer = setTimeout(connect, Math.min(15_000, 500 * 2 ** failures++));
      };
    };
    connect();
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [url, schema]);

  return { data, state };
}
