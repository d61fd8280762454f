/** So long a panel may take to load before the focus is no longer moved there. Milliseconds. */
const patienceMs = 10_000;

/**
 * Brings the control of a setting into sight and gives it the focus, as soon as the panel of the step shows it. Where the
 * setting has no control of its own, the one around it is meant. What the person does meanwhile ends the search.
 */
export function focusPlace(field: string): void {
  const parts = field.split(".");
  const places = parts.map((_, index) => parts.slice(0, parts.length - index).join("."));
  const find = (): boolean => {
    if (!document.querySelector("[data-setting]")) return false;
    for (const place of places) {
      const found = document.querySelector<HTMLElement>(`[data-setting="${CSS.escape(place)}"]`);
      const control = found && firstControl(found);
      if (!control) continue;
      control.scrollIntoView({ block: "center" });
      control.focus({ preventScroll: true });
      return true;
    }
    return false;
  };
  // A person who opens a step has the focus in its first field, so this comes after.
  requestAnimationFrame(() => {
    if (find()) return;
    const stop = () => {
      observer.disconnect();
      clearTimeout(timer);
      for (const event of interruptions) document.removeEventListener(event, stop, true);
    };
    const observer = new MutationObserver(() => find() && stop());
    observer.observe(document.body, { childList: true, subtree: true });
    const timer = setTimeout(stop, patienceMs);
    for (const event of interruptions) document.addEventListener(event, stop, true);
  });
}

const interruptions = ["pointerdown", "keydown"] as const;
const controls =
  "input:not([type=hidden]):not(:disabled), textarea:not(:disabled), select:not(:disabled), [contenteditable=true], button:not(:disabled), [tabindex='0']";

const firstControl = (place: HTMLElement): HTMLElement | null =>
  place.matches(controls) ? place : place.querySelector<HTMLElement>(controls);
