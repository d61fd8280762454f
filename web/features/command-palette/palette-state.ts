import { useSyncExternalStore } from "react";

/** Whether the palette is open. Cmd/Ctrl-K, the rail and the top bar of a phone open it. */
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
