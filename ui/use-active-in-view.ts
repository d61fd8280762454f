import { type RefObject, useLayoutEffect } from "react";

/**
 * Scrolls a row of tabs sideways so far that the active one is seen, whenever `active` changes. Nothing but the row moves,
 * and on a wide screen, where the row does not scroll, nothing does.
 */
export function useActiveInView(row: RefObject<HTMLElement | null>, selector: string, active: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another active tab is what the effect waits for.
  useLayoutEffect(() => {
    const tab = row.current?.querySelector<HTMLElement>(selector);
    if (!row.current || !tab) return;
    const frame = row.current.getBoundingClientRect();
    const place = tab.getBoundingClientRect();
    row.current.scrollLeft += place.left + place.width / 2 - (frame.left + frame.width / 2);
  }, [row, selector, active]);
}
