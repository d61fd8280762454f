import type { LucideIcon } from "lucide-react";

export interface ActionMenuItem {
  label: string;
  icon?: LucideIcon;
  onSelect: () => void;
  tone?: "danger";
  disabled?: boolean;
  /** A tick where it is chosen. */
  checked?: boolean;
  /** Only one item of the group can be chosen at a time. Without it, several can be chosen. */
  oneOf?: boolean;
  /** A sign at the right, with its name for a screen reader. */
  sign?: { icon: LucideIcon; label: string };
  /** The key that does the same, shown at the right. */
  shortcut?: string;
}
export type MenuEntry = ActionMenuItem | "separator" | { heading: string };
export type MenuPlacement = "bottom-start" | "bottom-end" | "top-start" | "right-start" | "right-end";
