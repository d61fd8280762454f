import { chakra } from "@chakra-ui/react";

/** A button that shows and hides what stands below it. */
export const Disclosure = chakra("button", {
  base: {
    display: "inline-flex",
    alignItems: "center",
    gap: "1",
    color: "fg.link",
    flexShrink: "0",
    cursor: "pointer",
    borderRadius: "l1",
    focusVisibleRing: "outside",
    _hover: { textDecoration: "underline" },
  },
});
