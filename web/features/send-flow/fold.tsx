import { Box, chakra, Icon, Text } from "@chakra-ui/react";
import { ChevronDown, type LucideIcon } from "lucide-react";
import { type ReactNode, useId } from "react";

interface FoldProps {
  icon: LucideIcon;
  title: string;
  /** What is set in it, told while it is folded. */
  summary: string;
  open: boolean;
  onOpen: (open: boolean) => void;
  disabled: boolean;
  children: ReactNode;
}

/** One line for the many people who leave it as it is, with the fields folded away. */
export function Fold({ icon: Glyph, title, summary, open, onOpen, disabled, children }: FoldProps) {
  const id = useId();
  return (
    <Box borderWidth="1px" borderRadius="l2">
      <chakra.button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => onOpen(!open)}
        disabled={disabled}
        display="flex"
        alignItems="center"
        gap="2"
        width="full"
        minH="9"
        px="3"
        py="1.5"
        textAlign="start"
        textStyle="sm"
        borderRadius="l2"
        cursor="pointer"
        focusVisibleRing="outside"
        _hover={{ bg: "bg.subtle" }}
        _disabled={{ cursor: "default", bg: "transparent" }}
      >
        <Icon boxSize="4" color="fg.muted" flexShrink={0}>
          <Glyph aria-hidden strokeWidth={1.75} />
        </Icon>
        <Text as="span" fontWeight="medium" flexShrink={0}>
          {title}
        </Text>
        <Text as="span" color="fg.muted" flex="1" minW="0">
          {open ? "" : summary}
        </Text>
        <Box as="span" color="fg.subtle" flexShrink={0} transition="transform 150ms" transform={open ? "rotate(180deg)" : undefined}>
          <ChevronDown aria-hidden size={16} />
        </Box>
      </chakra.button>
      {open && (
        <Box id={id} borderTopWidth="1px">
          {children}
        </Box>
      )}
    </Box>
  );
}
