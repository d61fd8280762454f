import { useSyncExternalStore } from "react";

/** Whether the server answers, as the last request found it. One banner tells it for the whole page. */
const listeners = new Set<() => void>();
let reachable = true;

export function reportReachable(now: boolean): void {
  if (now === reachable) return;
  reachable = now;
  for (const tell of listeners) tell();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
export function useReachable() {
  return useSyncExternalStore(subscribe, () => reachable);
}
