import { Dialog as ChakraDialog, Portal } from "@chakra-ui/react";
import { useBlocker } from "@tanstack/react-router";
import { type ReactNode, useRef, useState } from "react";
import { Button } from "./button.tsx";
import { keepsClear } from "./keeps-clear.ts";

interface Guarded {
  open: boolean;
  onClose: () => void;
  /** Something was entered that is not saved. */
  isDirty: boolean | undefined;
}

/**
 * Guards what is typed in a dialog or panel: `close` asks before it is lost, and `question` is to be drawn beside it. The Back
 * button of the browser means the dialog while one is open, as on a phone; it, and leaving the site, ask too.
 */
export function useDiscardQuestion({ open, onClose, isDirty }: Guarded): { close: () => void; question: ReactNode } {
  const [isAsking, setAsking] = useState(false);
  const discard = () => {
    setAsking(false);
    onClose();
  };
  const isGuarding = open && isDirty === true;
  useBlocker({
    // Links and what the product itself does go on, because a form that was saved leaves its page before it is clean again.
    shouldBlockFn: ({ action }) => {
      const isOfBrowser = action !== "PUSH" && action !== "REPLACE";
      if (isOfBrowser) setAsking(true);
      return isOfBrowser;
    },
    enableBeforeUnload: isGuarding,
    disabled: !isGuarding,
  });
  return {
    close: () => (isDirty ? setAsking(true) : onClose()),
    question: <DiscardQuestion open={open && isAsking} onKeep={() => setAsking(false)} onDiscard={discard} />,
  };
}

const leavesThePage = ({ current, next }: Record<"current" | "next", { pathname: string }>) => current.pathname !== next.pathname;

/** Guards what is typed in a form of a page: a link, the Back button and leaving the site ask before it is lost. To be drawn beside the form. */
export function useLeaveQuestion(isDirty: boolean): ReactNode {
  const asked = useBlocker({ shouldBlockFn: leavesThePage, enableBeforeUnload: isDirty, disabled: !isDirty, withResolver: true });
  return <DiscardQuestion open={asked.status === "blocked"} onKeep={() => asked.reset?.()} onDiscard={() => asked.proceed?.()} />;
}

interface DiscardQuestionProps {
  open: boolean;
  onKeep: () => void;
  onDiscard: () => void;
}

/** Asks before something that was typed is lost. A slip of the hand, or Esc by habit, then loses nothing. */
function DiscardQuestion({ open, onKeep, onDiscard }: DiscardQuestionProps) {
  const keep = useRef<HTMLButtonElement>(null);
  return (
    <ChakraDialog.Root
      open={open}
      onOpenChange={(change) => !change.open && onKeep()}
      closeOnInteractOutside={false}
      role="alertdialog"
      size="xs"
      initialFocusEl={() => keep.current}
      lazyMount
      unmountOnExit
    >
      <Portal>
        <ChakraDialog.Backdrop />
        <ChakraDialog.Positioner px="3">
          <ChakraDialog.Content>
            <ChakraDialog.Header>
              <ChakraDialog.Title>Discard what you entered?</ChakraDialog.Title>
            </ChakraDialog.Header>
            <ChakraDialog.Body>It has not been saved.</ChakraDialog.Body>
            <ChakraDialog.Footer {...keepsClear}>
              <Button ref={keep} onClick={onKeep}>
                Keep editing
              </Button>
              <Button tone="danger" onClick={onDiscard}>
                Discard
              </Button>
            </ChakraDialog.Footer>
          </ChakraDialog.Content>
        </ChakraDialog.Positioner>
      </Portal>
    </ChakraDialog.Root>
  );
}
