import { Tooltip as ChakraTooltip, Portal } from "@chakra-ui/react";
import type { ReactElement, ReactNode } from "react";

interface TooltipProps {
  content: ReactNode;
  /** A single element that takes a ref and can be focused. */
  children: ReactElement;
  placement?: "top" | "bottom" | "right" | "left";
}

export function Tooltip({ content, children, placement = "top" }: TooltipProps) {
  return (
    <ChakraTooltip.Root openDelay={350} closeDelay={80} lazyMount unmountOnExit positioning={{ placement }}>
      <ChakraTooltip.Trigger asChild>{children}</ChakraTooltip.Trigger>
      <Portal>
        <ChakraTooltip.Positioner>
          <ChakraTooltip.Content>{content}</ChakraTooltip.Content>
        </ChakraTooltip.Positioner>
      </Portal>
    </ChakraTooltip.Root>
  );
}
