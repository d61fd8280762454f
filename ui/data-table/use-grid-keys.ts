import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef, useState } from "react";

interface GridKeys {
  scroller: RefObject<HTMLElement | null>;
  count: number;
  selectable: boolean;
  reveal: (index: number) => void;
  toggle: (index: number, range: boolean) => void;
  selectTo: (from: number, to: number) => void;
  selectAll: () => void;
  open?: (index: number) => void;
}

const pageOfRows = 10;
const controls = "button:not([disabled]), a[href]";

const target = (event: KeyboardEvent, at: number, last: number): number | undefined => {
  switch (event.key) {
    case "ArrowDown":
    case "j":
      return Math.min(at + 1, last);
    case "ArrowUp":
    case "k":
      return Math.max(at - 1, 0);
    case "PageDown":
      return Math.min(at + pageOfRows, last);
    case "PageUp":
      return Math.max(at - pageOfRows, 0);
    case "Home":
      return 0;
    case "End":
      return last;
  }
};

/**
 * One row at a time is reached by Tab; arrows move between rows, Right goes into the row's buttons and Left back.
 * The row to focus may not be drawn yet, so moving means: scroll there, and focus it once it exists.
 */
export function useGridKeys(keys: GridKeys) {
  const { scroller, count } = keys;
  const [current, setCurrent] = useState(0);
  const wanted = useRef<number | null>(null);
  const at = Math.min(current, Math.max(count - 1, 0));

  useEffect(() => {
    if (wanted.current === null) return;
    const row = scroller.current?.querySelector<HTMLElement>(`.body [data-index="${wanted.current}"]`);
    if (!row) return;
    wanted.current = null;
    row.focus({ preventScroll: true });
  });

  const moveTo = useCallback(
    (index: number) => {
      wanted.current = index;
      setCurrent(index);
      keys.reveal(index);
    },
    [keys.reveal],
  );

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const element = event.target as HTMLElement;
    const row = element.closest<HTMLElement>(".body [data-index]");
    if (!row || event.defaultPrevented) return;
    const index = Number(row.dataset.index);
    if (element !== row) {
      if (event.key !== "ArrowLeft" || element.getAttribute("aria-expanded") === "true") return;
      event.preventDefault();
      row.focus();
      return;
    }
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === "a" && keys.selectable) {
      event.preventDefault();
      keys.selectAll();
      return;
    }
    if (command || event.altKey) return;
    const next = target(event, index, count - 1);
    if (next !== undefined) {
      event.preventDefault();
      if (event.shiftKey && keys.selectable) keys.selectTo(index, next);
      moveTo(next);
    } else if ((event.key === " " || event.key === "x") && keys.selectable) {
      event.preventDefault();
      keys.toggle(index, event.shiftKey);
    } else if (event.key === "Enter" && keys.open) {
      event.preventDefault();
      keys.open(index);
    } else if (event.key === "ArrowRight" || event.key === "ContextMenu" || (event.shiftKey && event.key === "F10")) {
      const control = row.querySelector<HTMLElement>(`.actions :is(${controls})`);
      if (!control) return;
      event.preventDefault();
      control.focus();
      if (event.key !== "ArrowRight") control.click();
    }
  };

  return { current: at, setCurrent, onKeyDown };
}
