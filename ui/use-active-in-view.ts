import { type RefObject, useLayoutEffect } from "react";

/**
 * Scrolls a row of tabs sideways so far that the active one is seen, whenever `active` changes or the row gets another width,
 * as when a window is made narrower or a phone is turned. Nothing but the row moves, and on a wide screen, where the row does
 * not scroll, nothing does.
 */
export function useActiveInView(row: RefObject<HTMLElement | null>, selector: string, active: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another active tab is what the effect waits for.
  useLayoutEffect(() => {
    const element = row.current;
    if (!element) return;
    const show = () => {
      const tab = element.querySelector<HTMLElement>(selector);
      if (!tab) return;
      const frame = element.getBoundingClientRect();
      const place = tab.getBoundingClientRect();
      element.scrollLeft += place.left + place.width / 2 - (frame.left + frame.width / 2);
    };
    show();
    // Only another width moves the row, so that it stays where somebody has pushed it.
    let { clientWidth: before } = element;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth === before) return;
      before = element.clientWidth;
      show();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [row, selector, active]);
}
