import { useSyncExternalStore } from "react";

/** Open or not: asked for by Cmd/Ctrl-K, the rail and the phone's top bar. */
const listeners = new Set<() => void>();
let open = false;

function set(next: boolean) {
  open = next;
  for (const tell of listeners) tell();
}
export const openPalette = () => set(true);
export const closePalette = () => set(false);
export const togglePalette = () => set(!open);

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
export function usePaletteOpen() {
  return useSyncExternalStore(subscribe, () => open);
}
