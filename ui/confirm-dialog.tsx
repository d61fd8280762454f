import { type ReactNode, useRef } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";

export interface ConfirmDialogProps {
  open: boolean;
  onClose: () => void;
  onConfirm: () => void;
  title: ReactNode;
  /** Names the result: "Delete 3 contacts", never "OK". */
  confirmLabel: string;
  tone?: "primary" | "danger";
  /** Under way: nothing can be pressed and it cannot be closed. */
  busy?: boolean;
  /** There is nothing to confirm yet. */
  disabled?: boolean;
  /** There is nothing to confirm at all: only the way out is offered. */
  hideConfirm?: boolean;
  children?: ReactNode;
}

/** The focus begins on Cancel: Enter alone must not destroy anything. */
export function ConfirmDialog({
  open,
  onClose,
  onConfirm,
  title,
  confirmLabel,
  tone = "danger",
  busy = false,
  disabled = false,
  hideConfirm = false,
  children,
}: ConfirmDialogProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      closeable={!busy}
      initialFocusRef={cancel}
      role="alertdialog"
      footer={
        <>
          <Button ref={cancel} onClick={onClose} disabled={busy}>
            {hideConfirm ? "Close" : "Cancel"}
          </Button>
          {!hideConfirm && (
            <Button tone={tone} onClick={onConfirm} busy={busy} disabled={disabled}>
              {confirmLabel}
            </Button>
          )}
        </>
      }
    >
      {children}
    </Dialog>
  );
}
