import { createContext, useContext, useSyncExternalStore } from "react";
import { formatExact, formatRelative } from "./format.ts";

/** All times on the page share one timer, which stops while none is shown. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const tell of listeners) tell();
  }, 15_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}
/** A time shown first after a long pause must not be told against the tick of then. */
const currentNow = () => {
  if (timer === undefined && Math.abs(Date.now() - now) > 1000) now = Date.now();
  return now;
};

const ZoneContext = createContext<string | undefined>(undefined);
/** The zone times are told in: the workspace's. Without it, the browser's. */
export const ZoneProvider = ZoneContext.Provider;
export function useZone() {
  return useContext(ZoneContext);
}

export interface RelativeTimeProps {
  /** ISO time. */
  at: string;
  zone?: string;
}

/** "5 min ago"; the exact time with its zone on hover and for screen readers that ask. */
export function RelativeTime({ at, zone }: RelativeTimeProps) {
  const contextZone = useZone();
  const told = zone ?? contextZone;
  const tick = useSyncExternalStore(subscribe, currentNow);
  // Something that happened since the last tick is not in the future.
  const reference = new Date(Math.max(tick, Math.min(Date.now(), new Date(at).getTime())));
  return (
    <time dateTime={at} title={formatExact(at, told)} style={{ fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" }}>
      {formatRelative(at, reference, told)}
    </time>
  );
}
