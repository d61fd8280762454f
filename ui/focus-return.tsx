import { useLayoutEffect } from "react";

/**
 * Stands behind a dialog, and gives the focus back at once where the dialog leaves the page while it is open. Otherwise the
 * focus falls to the body for a moment: a screen reader then speaks the title of the page, leaves the keys of the page, and
 * does not say where one is when the focus comes back.
 */
export function FocusReturn({ open }: { open: boolean }) {
  // What is drawn before this has left when this is cleaned up.
  useLayoutEffect(() => {
    if (!open) return;
    const opener = document.activeElement;
    return () => {
      if (document.activeElement === document.body && opener instanceof HTMLElement && opener.isConnected)
        opener.focus({ preventScroll: true });
    };
  }, [open]);
  return null;
}
