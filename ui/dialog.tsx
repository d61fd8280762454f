import { Dialog as ChakraDialog, Portal } from "@chakra-ui/react";
import { X } from "lucide-react";
import type { ReactNode, RefObject } from "react";
import { useDiscardQuestion } from "./discard-question.tsx";
import { focusHome } from "./focus-home.ts";
import { FocusReturn } from "./focus-return.tsx";
import { namesIsolated } from "./format.ts";
import { IconButton } from "./icon-button.tsx";
import { keepsClear } from "./keeps-clear.ts";

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  size?: "xs" | "sm" | "md" | "lg" | "xl";
  footer?: ReactNode;
  /** While false (something is under way) neither Esc nor X closes it. */
  closeable?: boolean;
  /** Something was entered that is not saved: Esc and X ask before it is lost. */
  isDirty?: boolean;
  /** The element focused at opening; by default the first one that can be focused. */
  initialFocusRef?: RefObject<HTMLElement | null>;
  role?: "dialog" | "alertdialog";
  children: ReactNode;
}

/**
 * A decision. Esc and X close it; a click outside never does, because half a decision must not vanish by a slip of
 * the hand. The focus stays inside and returns to where it came from.
 */
export function Dialog(props: DialogProps) {
  const {
    open,
    onClose,
    title,
    description,
    size = "sm",
    footer,
    closeable = true,
    isDirty,
    initialFocusRef,
    role = "dialog",
    children,
  } = props;
  const { close, question } = useDiscardQuestion({ open, onClose, isDirty });
  return (
    <>
      <ChakraDialog.Root
        open={open}
        onOpenChange={(change) => {
          if (!change.open && closeable) close();
        }}
        closeOnEscape={closeable}
        closeOnInteractOutside={false}
        size={size}
        role={role}
        scrollBehavior="inside"
        onExitComplete={focusHome}
        lazyMount
        unmountOnExit
        {...(initialFocusRef && { initialFocusEl: () => initialFocusRef.current })}
      >
        <Portal>
          <ChakraDialog.Backdrop />
          <ChakraDialog.Positioner px="3">
            <ChakraDialog.Content maxH={{ base: "calc(100dvh - 1.5rem)", md: "calc(100dvh - 6rem)" }}>
              <ChakraDialog.Header flexDirection="column" gap="0.5">
                <ChakraDialog.Title>{namesIsolated(title)}</ChakraDialog.Title>
                {description && <ChakraDialog.Description>{namesIsolated(description)}</ChakraDialog.Description>}
              </ChakraDialog.Header>
              <ChakraDialog.Body>{children}</ChakraDialog.Body>
              {footer && (
                <ChakraDialog.Footer flexWrap="wrap" {...keepsClear}>
                  {footer}
                </ChakraDialog.Footer>
              )}
              {closeable && (
                <ChakraDialog.CloseTrigger asChild>
                  <IconButton icon={X} label="Close" tooltip="title" />
                </ChakraDialog.CloseTrigger>
              )}
            </ChakraDialog.Content>
          </ChakraDialog.Positioner>
        </Portal>
      </ChakraDialog.Root>
      <FocusReturn open={open} />
      {question}
    </>
  );
}
