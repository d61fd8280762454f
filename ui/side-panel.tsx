import { Drawer, Portal } from "@chakra-ui/react";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useDiscardQuestion } from "./discard-question.tsx";
import { focusHome } from "./focus-home.ts";
import { FocusReturn } from "./focus-return.tsx";
import { IconButton } from "./icon-button.tsx";
import { keepsClear } from "./keeps-clear.ts";

export interface SidePanelProps {
  open: boolean;
  onClose: () => void;
  /** Called when it has left the screen. A panel that opens before that counts as part of this one, and closes with it. */
  onClosed?: () => void;
  title: ReactNode;
  size?: "sm" | "md" | "lg";
  footer?: ReactNode;
  /** False: the page behind stays usable, so that the next row can be clicked while it is open. */
  modal?: boolean;
  /** Something was entered that is not saved: Esc and X ask before it is lost. */
  isDirty?: boolean;
  children: ReactNode;
}

/** Detail of one thing, from the right. The whole width on a phone. */
export function SidePanel({ open, onClose, onClosed, title, size = "sm", footer, modal = true, isDirty, children }: SidePanelProps) {
  const { close, question } = useDiscardQuestion({ open, onClose, isDirty });
  return (
    <>
      <Drawer.Root
        open={open}
        onOpenChange={(change) => {
          if (!change.open) close();
        }}
        onExitComplete={() => {
          focusHome();
          onClosed?.();
        }}
        modal={modal}
        trapFocus={modal}
        preventScroll={modal}
        closeOnInteractOutside={modal}
        size={{ base: "full", md: size }}
        lazyMount
        unmountOnExit
      >
        <Portal>
          {modal && <Drawer.Backdrop />}
          <Drawer.Positioner pointerEvents={modal ? undefined : "none"}>
            <Drawer.Content pointerEvents="auto">
              <Drawer.Header>
                <Drawer.Title minW="0" overflowWrap="anywhere">
                  {title}
                </Drawer.Title>
              </Drawer.Header>
              <Drawer.Body pb="6">{children}</Drawer.Body>
              {footer && <Drawer.Footer {...keepsClear}>{footer}</Drawer.Footer>}
              <Drawer.CloseTrigger asChild>
                <IconButton icon={X} label="Close" tooltip="title" />
              </Drawer.CloseTrigger>
            </Drawer.Content>
          </Drawer.Positioner>
        </Portal>
      </Drawer.Root>
      <FocusReturn open={open} />
      {question}
    </>
  );
}
