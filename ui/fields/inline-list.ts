import type { SystemStyleObject } from "@chakra-ui/react";

/**
 * The list of a combobox within a dialog: it takes its place below the field and the dialog grows. Floating, it would cover
 * the buttons at the foot. The machine of the combobox places it by styles of the element, hence `!important`.
 */
export const inlineList: SystemStyleObject = {
  position: "static !important",
  transform: "none !important",
  width: "100% !important",
  minWidth: "0 !important",
};
