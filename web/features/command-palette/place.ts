import type { LucideIcon } from "lucide-react";

/** A page of the app as the palette and the keys know it. */
export interface Place {
  to: string;
  label: string;
  icon: LucideIcon;
  /** The key that opens the page after `g`. */
  key: string;
}
