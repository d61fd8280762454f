import { useSyncExternalStore } from "react";

/** Whether the list of keys is shown: asked for by `?`, the user menu and the palette, which do not know each other. */
const listeners = new Set<() => void>();
let shown = false;

function set(next: boolean) {
  shown = next;
  for (const tell of listeners) tell();
}
export const showShortcuts = () => set(true);
export const hideShortcuts = () => set(false);

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
export function useShortcutsShown() {
  return useSyncExternalStore(subscribe, () => shown);
}
