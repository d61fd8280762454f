import { Box, Toaster as ChakraToaster, createToaster, Icon, Portal, Stack, Toast } from "@chakra-ui/react";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import { UndoOffer } from "./undo-offer.tsx";

export type ToastStatus = "success" | "error" | "warning" | "info";
interface ToastUndo {
  /** Milliseconds from now. */
  within: number;
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

const toaster = createToaster({ placement: "bottom-end", pauseOnPageIdle: true, max: 4 });

export function toast({ status, duration, id, undo, ...rest }: ToastInput): void {
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
export const clearToasts = (): void => void toaster.remove();

const looks = {
  success: { icon: CircleCheck, color: "fg.success" },
  error: { icon: CircleAlert, color: "fg.error" },
  warning: { icon: TriangleAlert, color: "fg.warning" },
  info: { icon: Info, color: "fg.info" },
} as const;

export function Toaster() {
  return (
    <Portal>
      <ChakraToaster toaster={toaster} insetInline={{ mdDown: "4" }}>
        {(shown) => {
          const look = looks[(shown.type as ToastStatus | undefined) ?? "info"] ?? looks.info;
          const undo = shown.meta?.undo as (ToastUndo & { until: number }) | undefined;
          return (
            <Toast.Root width={{ md: "sm" }}>
              <Icon boxSize="4.5" mt="0.5" color={look.color} flexShrink={0}>
                <look.icon aria-hidden />
              </Icon>
              <Stack gap="0.5" flex="1" minW="0" overflowWrap="anywhere">
                <Toast.Title>{shown.title}</Toast.Title>
                {shown.description && <Toast.Description>{shown.description}</Toast.Description>}
                {undo && (
                  <Box mt="2">
                    <UndoOffer until={undo.until} length={undo.within} onUndo={undo.onUndo} />
                  </Box>
                )}
                {shown.action && (
                  <Toast.ActionTrigger alignSelf="flex-start" mt={undo ? "2" : "1"}>
                    {shown.action.label}
                  </Toast.ActionTrigger>
                )}
              </Stack>
              <Toast.CloseTrigger />
            </Toast.Root>
          );
        }}
      </ChakraToaster>
    </Portal>
  );
}
