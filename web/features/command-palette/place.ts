import type { LucideIcon } from "lucide-react";

/** A page of the app as the palette and the keys know it. */
export interface Place {
  to: string;
  label: string;
  icon: LucideIcon;
  /** `g` and then this leads there. */
  key: string;
}
