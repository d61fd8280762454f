import { createToaster } from "@chakra-ui/react";

export type ToastStatus = "success" | "error" | "warning" | "info";
export interface ToastUndo {
  /** Milliseconds from now. */
  within: number;
  /** What happens when the time is over: "Sending to 3 contacts". */
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
  /** For so long it can be taken back; the toast stays at least until then. */
  undo?: ToastUndo;
  /** The same id again replaces what is shown instead of piling up. */
  id?: string;
}

export const toaster = createToaster({ placement: "bottom-end", pauseOnPageIdle: true, max: 4 });

/** Toasts that were asked for before the code that draws them was there; null from then on. */
let waiting: ToastInput[] | null = [];
let wasWanted = false;
const listeners = new Set<() => void>();

export function toast(input: ToastInput): void {
  if (waiting === null) {
    show(input);
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

/** Says that the view is mounted, or (`false`) gone again. */
export function setToastView(isThere: boolean): void {
  const shown = waiting ?? [];
  waiting = isThere ? null : [];
  for (const input of shown) show(input);
}

function show({ status, duration, id, undo, ...rest }: ToastInput): void {
  const told = duration ?? (status === "error" ? 10_000 : 5000);
  const meta = { undo: undo && { ...undo, until: Date.now() + undo.within } };
  // An update of a toast that is shown keeps what it is not told anew.
  const options = {
    description: undefined,
    action: undefined,
    ...rest,
    type: status,
    duration: Math.max(told, (undo?.within ?? 0) + 2000),
    closable: true,
    meta,
  };
  if (id !== undefined && toaster.isVisible(id)) toaster.update(id, options);
  else toaster.create(id === undefined ? options : { ...options, id });
}

/** Removes all toasts, so that they do not carry over to another session or another test. */
export function clearToasts(): void {
  if (waiting !== null) waiting = [];
  toaster.remove();
}
