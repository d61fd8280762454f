import { useSyncExternalStore } from "react";

/**
 * Light or dark. The class on <html> is first set by web/public/color-mode.js, which blocks the first paint so that
 * nobody is flashed; here it is changed afterwards. (Own file rather than next-themes: that one injects an inline
 * script, which our content security policy refuses.)
 */
export type ColorPreference = "system" | "light" | "dark";
export type ColorMode = "light" | "dark";

const key = "sluice.color-mode";
const listeners = new Set<() => void>();
const darkOutside = () => window.matchMedia?.("(prefers-color-scheme: dark)").matches ?? false;

function readPreference(): ColorPreference {
  try {
    const stored = localStorage.getItem(key);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system"; // Storage is forbidden in some private windows; the system's wish is then all there is.
  }
}

let preference: ColorPreference | undefined;
const currentPreference = () => (preference ??= readPreference());
const currentMode = (): ColorMode => {
  const wish = currentPreference();
  return wish === "system" ? (darkOutside() ? "dark" : "light") : wish;
};

function apply() {
  const mode = currentMode();
  document.documentElement.classList.toggle("dark", mode === "dark");
  document.documentElement.classList.toggle("light", mode === "light");
  document.documentElement.style.colorScheme = mode;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  const query = window.matchMedia?.("(prefers-color-scheme: dark)");
  listeners.add(listener);
  if (listeners.size === 1) query?.addEventListener("change", apply);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) query?.removeEventListener("change", apply);
  };
}

export function setColorPreference(next: ColorPreference) {
  preference = next;
  try {
    if (next === "system") localStorage.removeItem(key);
    else localStorage.setItem(key, next);
  } catch {
    // See readPreference: it then lasts as long as the page.
  }
  apply();
}

export function useColorMode() {
  const mode = useSyncExternalStore(subscribe, currentMode);
  const wish = useSyncExternalStore(subscribe, currentPreference);
  return { mode, preference: wish, setPreference: setColorPreference };
}
