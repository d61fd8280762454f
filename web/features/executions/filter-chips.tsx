import { chakra, Flex } from "@chakra-ui/react";
import { X } from "lucide-react";
import { Button } from "#ui/button.tsx";

export interface Chip {
  key: string;
  words: string;
  remove: () => void;
}

const Chip = chakra(Flex, {
  base: {
    height: "6",
    ps: "2",
    borderWidth: "1px",
    borderColor: "accent.border",
    borderRadius: "l2",
    bg: "accent.subtle",
    color: "accent.fg",
    textStyle: "xs",
    maxWidth: "full",
    minWidth: "0",
    overflow: "hidden",
    alignItems: "center",
  },
});
const Remove = chakra(
  "button",
  {
    base: {
      display: "flex",
      alignItems: "center",
      alignSelf: "stretch",
      px: "1.5",
      cursor: "pointer",
      _hover: { bg: "accent.muted" },
      _focusVisible: { outline: "2px solid", outlineColor: "accent.focusRing", outlineOffset: "-2px" },
    },
  },
  { defaultProps: { type: "button" } },
);

/** What narrows a list, one chip each, so that nothing acts unseen. */
export function FilterChips({ chips, onClear }: { chips: readonly Chip[]; onClear: () => void }) {
  if (chips.length === 0) return null;
  return (
    <Flex gap="2" wrap="wrap" align="center" width="full" role="group" aria-label="Filters in use">
      {chips.map(({ key, words, remove }) => (
        <Chip key={key}>
          <chakra.span truncate title={words}>
            {words}
          </chakra.span>
          <Remove onClick={remove} aria-label={`Remove filter: ${words}`} title="Remove filter">
            <X size={12} aria-hidden />
          </Remove>
        </Chip>
      ))}
      <Button tone="ghost" size="xs" onClick={onClear}>
        Clear filters
      </Button>
    </Flex>
  );
}
