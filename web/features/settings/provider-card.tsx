import { chakra } from "@chakra-ui/react";
import type { LucideIcon } from "lucide-react";

interface ProviderCardProps {
  /** The name of the group of radio buttons. */
  name: string;
  icon: LucideIcon;
  title: string;
  text: string;
  inUse: boolean;
  chosen: boolean;
  disabled: boolean;
  onChoose: () => void;
}

export function ProviderCard({ name, icon: Glyph, title, text, inUse, chosen, disabled, onChoose }: ProviderCardProps) {
  return (
    <chakra.label
      display="flex"
      alignItems="flex-start"
      gap="3"
      p="3"
      borderWidth="1px"
      borderRadius="l2"
      cursor={disabled ? "default" : "pointer"}
      borderColor={chosen ? "accent.solid" : "border.emphasized"}
      bg={chosen ? "accent.subtle" : undefined}
      css={{ "&:has(:focus-visible)": { outline: "2px solid {colors.accent.focusRing}", outlineOffset: "2px" } }}
    >
      <chakra.input
        type="radio"
        name={name}
        checked={chosen}
        disabled={disabled}
        onChange={onChoose}
        accentColor="accent.solid"
        mt="1"
        outline="none"
      />
      <chakra.span flex="1" minW="0">
        <chakra.span display="flex" alignItems="center" gap="2" fontWeight="medium">
          <Glyph aria-hidden size={16} />
          {title}
          {inUse && (
            <chakra.span ms="auto" textStyle="xs" color="fg.success" fontWeight="500">
              In use
            </chakra.span>
          )}
        </chakra.span>
        <chakra.span display="block" textStyle="sm" color="fg.muted" overflowWrap="anywhere">
          {text}
        </chakra.span>
      </chakra.span>
    </chakra.label>
  );
}
