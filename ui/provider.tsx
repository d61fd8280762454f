import { ChakraProvider } from "@chakra-ui/react";
import type { ReactNode } from "react";
import { SpokenPlace } from "./say.tsx";
import { system } from "./theme.ts";
import { ToastPlace } from "./toast-place.tsx";

/** The look of everything below it, and the place where toasts appear. Colour mode lives on <html>: see color-mode.tsx. */
export function UiProvider({ children }: { children: ReactNode }) {
  return (
    <ChakraProvider value={system}>
      {children}
      <SpokenPlace />
      <ToastPlace />
    </ChakraProvider>
  );
}
