import { Tooltip as ChakraTooltip, Portal } from "@chakra-ui/react";
import type { ReactNode } from "react";

export type TooltipPlacement = "top" | "bottom" | "right" | "left";

interface TooltipBubbleProps {
  id: string;
  /** The element beside which it stands. */
  triggerId: string;
  open: boolean;
  onClose: () => void;
  content: ReactNode;
  placement: TooltipPlacement;
}

export function TooltipBubble({ id, triggerId, open, onClose, content, placement }: TooltipBubbleProps) {
  return (
    <ChakraTooltip.Root
      open={open}
      onOpenChange={(change) => !change.open && onClose()}
      ids={{ trigger: triggerId, content: id }}
      openDelay={0}
      lazyMount
      unmountOnExit
      positioning={{ placement }}
    >
      <Portal>
        <ChakraTooltip.Positioner>
          <ChakraTooltip.Content>{content}</ChakraTooltip.Content>
        </ChakraTooltip.Positioner>
      </Portal>
    </ChakraTooltip.Root>
  );
}
