import { useSyncExternalStore } from "react";

const query = "(max-width: 639px)";

const subscribe = (changed: () => void) => {
  if (typeof matchMedia !== "function") return () => {};
  const media = matchMedia(query);
  media.addEventListener("change", changed);
  return () => media.removeEventListener("change", changed);
};

/** Whether the window is a phone's: tables then draw two-line rows. */
export function useNarrow() {
  return useSyncExternalStore(subscribe, () => typeof matchMedia === "function" && matchMedia(query).matches);
}
