import { namesIsolated } from "./format.ts";

export type ToastStatus = "success" | "error" | "warning" | "info";
export interface ToastUndo {
  /** Milliseconds from now. */
  within: number;
  /** The text of what happens when the time is over: "Sending to 3 contacts". */
  what: string;
  onUndo: () => void;
}
export interface ToastInput {
  title: string;
  description?: string;
  status: ToastStatus;
  /** Milliseconds; 5 s unless told, 10 s for errors (they must be readable in full). */
  duration?: number;
  action?: { label: string; onClick: () => void };
  /** A second, quieter action beside the first. */
  more?: { label: string; onClick: () => void };
  /** For so long it can be taken back; the toast stays at least until then. */
  undo?: ToastUndo;
  /** The same id again replaces what is shown instead of piling up. */
  id?: string;
}

/** Draws toasts. Its code is loaded when the first toast is asked for. */
export interface ToastDrawing {
  show: (input: ToastInput) => void;
  clear: () => void;
}

let drawing: ToastDrawing | undefined;
let isDrawn = false;
/** Toasts that were asked for while nothing could draw them. */
let waiting: ToastInput[] = [];
let wasWanted = false;
const listeners = new Set<() => void>();

export function toast(given: ToastInput): void {
  const input = {
    ...given,
    title: namesIsolated(given.title),
    ...(given.description && { description: namesIsolated(given.description) }),
  };
  if (drawing && isDrawn) {
    drawing.show(input);
    return;
  }
  waiting.push(input);
  wasWanted = true;
  for (const listener of listeners) listener();
}

/** Whether a toast was ever asked for. */
export const isToastViewWanted = (): boolean => wasWanted;

export function onToastViewWanted(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Says what draws toasts from now on, and whether it is mounted. */
export function setToastDrawing(next: ToastDrawing, isMounted: boolean): void {
  drawing = next;
  isDrawn = isMounted;
  if (!isMounted) return;
  const shown = waiting;
  waiting = [];
  for (const input of shown) next.show(input);
}

/** Removes all toasts, so that they do not carry over to another session or another test. */
export function clearToasts(): void {
  waiting = [];
  drawing?.clear();
}
