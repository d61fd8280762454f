import { Box, Flex } from "@chakra-ui/react";
import type { ReactNode } from "react";
import { keepsClear } from "./keeps-clear.ts";

/** A bar of actions on what is selected. It floats over the foot of a table and moves no row; the table leaves room for it. */
export function FloatingBar({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Flex position="absolute" insetInline="0" bottom="0" padding="4" justify="center" pointerEvents="none" zIndex="docked">
      <Box
        role="region"
        aria-label={label}
        pointerEvents="auto"
        maxWidth="full"
        bg="bg.panel"
        borderWidth="1px"
        borderColor="border.emphasized"
        borderRadius="l3"
        boxShadow="lg"
        animationName="slide-from-bottom, fade-in"
        animationDuration="fast"
        {...keepsClear}
      >
        {children}
      </Box>
    </Flex>
  );
}
