import { createToaster } from "@chakra-ui/react";
import type { ToastDrawing } from "./toaster.tsx";
import { footVariable } from "./use-stand-clear.ts";

/** The toasts that are shown now. */
export const toaster = createToaster({
  placement: "bottom-end",
  pauseOnPageIdle: true,
  max: 4,
  offsets: { left: "1rem", right: "1rem", top: "1rem", bottom: `var(${footVariable}, 1rem)` },
});

export const toastDrawing: ToastDrawing = {
  show: ({ status, duration, id, undo, more, ...rest }) => {
    const told = duration ?? (status === "error" ? 10_000 : 5000);
    const meta = { undo: undo && { ...undo, until: Date.now() + undo.within }, more };
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
  },
  clear: () => toaster.remove(),
};
