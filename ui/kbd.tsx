import { Kbd as ChakraKbd } from "@chakra-ui/react";
import type { ReactNode } from "react";

export const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);
/** The platform's name of its main modifier key. */
export const modKey = isMac ? "⌘" : "Ctrl";

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <ChakraKbd
      size="sm"
      variant="outline"
      fontFamily="body"
      color="fg.muted"
      bg="bg.subtle"
      borderRadius="l1"
      minW="5"
      wordSpacing="normal"
      whiteSpace="pre"
      justifyContent="center"
    >
      {children}
    </ChakraKbd>
  );
}
