import { useSyncExternalStore } from "react";
import { keep, recall } from "./browser-memory.ts";

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
  const stored = recall(key);
  return stored === "light" || stored === "dark" ? stored : "system";
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
  keep(key, next === "system" ? null : next);
  apply();
}

export function useColorMode() {
  const mode = useSyncExternalStore(subscribe, currentMode);
  const wish = useSyncExternalStore(subscribe, currentPreference);
  return { mode, preference: wish, setPreference: setColorPreference };
}
