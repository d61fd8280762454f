import { Minus, PencilLine, Plus } from "lucide-react";

/** How a step differs between two versions that are compared. */
export type StepMark = "added" | "removed" | "changed";

export const markWords: Record<StepMark, string> = { added: "New", removed: "Taken away", changed: "Changed" };
const signs = { added: Plus, removed: Minus, changed: PencilLine } as const;

/** It says so by sign and word too, not by its colour alone. */
export function MarkBadge({ mark }: { mark: StepMark }) {
  const Sign = signs[mark];
  return (
    <span className="mark">
      <Sign aria-hidden size={12} /> {markWords[mark]}
    </span>
  );
}
