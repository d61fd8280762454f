import { chakra } from "@chakra-ui/react";

/** A row of a list in the inbox, which opens what stands in it. `aria-current` says which one is open. */
export const RowButton = chakra("button", {
  base: {
    display: "flex",
    gap: "3",
    width: "full",
    textAlign: "start",
    px: "4",
    py: "2.5",
    cursor: "pointer",
    borderBottomWidth: "1px",
    borderColor: "border.muted",
    focusVisibleRing: "inside",
    _hover: { bg: "bg.subtle" },
    '&[aria-current="true"], &[aria-current="true"]:hover': { bg: "accent.subtle" },
  },
});
