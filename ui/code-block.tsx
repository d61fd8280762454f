import { Box, chakra } from "@chakra-ui/react";
import { Check, Copy } from "lucide-react";
import { useCopy } from "./copy-field.tsx";
import { IconButton } from "./icon-button.tsx";

/** A command or answer to read and to take away. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  const { copied, copy } = useCopy();
  return (
    <Box position="relative" borderWidth="1px" borderRadius="l2" bg="bg.subtle">
      {/* Scrolls sideways, so the keyboard must be able to reach it. */}
      <chakra.pre
        tabIndex={0}
        aria-label={label}
        textStyle="xs"
        fontFamily="mono"
        p="3"
        pe="12"
        overflowX="auto"
        lineHeight="1.6"
        focusVisibleRing="inside"
      >
        {code}
      </chakra.pre>
      <Box position="absolute" top="1.5" insetEnd="1.5">
        <IconButton
          icon={copied ? Check : Copy}
          label={copied ? "Copied" : `Copy ${label.toLowerCase()}`}
          size="xs"
          tooltip="title"
          bg="bg.subtle"
          onClick={() => copy(code)}
        />
      </Box>
    </Box>
  );
}
