import type { ValueType } from "./typed-value.ts";

/** The types in which a value is kept, as a choice. */
export const typeOptions: readonly { value: ValueType; label: string }[] = [
  { value: "text", label: "Text" },
  { value: "number", label: "Number" },
  { value: "boolean", label: "Yes or no" },
];
