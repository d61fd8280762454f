import { ChevronDown, ChevronRight } from "lucide-react";
import { type SyntheticEvent, useContext } from "react";
import { type Folding, FoldingContext } from "../fold/folding-context.ts";
import { keepFocus } from "./editing/plus.tsx";

interface FoldButtonProps {
  isFolded: boolean;
  /** What goes out of sight, or comes back: "this branch". */
  what: string;
  onPress: (folding: Folding) => void;
}

const stop = (event: SyntheticEvent) => event.stopPropagation();

/** Folds what stands below, or unfolds it. The outline has the same for keys and screen readers, so this is nothing to stop at. */
export function FoldButton({ isFolded, what, onPress }: FoldButtonProps) {
  const folding = useContext(FoldingContext);
  if (!folding) return null;
  const Sign = isFolded ? ChevronRight : ChevronDown;
  return (
    <button
      type="button"
      tabIndex={-1}
      className="fold nopan"
      title={`${isFolded ? "Unfold" : "Fold"} ${what} (F)`}
      onMouseDown={keepFocus}
      // A press on it neither drags nor opens what it stands on.
      onPointerDown={stop}
      onDoubleClick={stop}
      onClick={(event) => {
        stop(event);
        onPress(folding);
      }}
    >
      <Sign aria-hidden size={14} strokeWidth={2} />
    </button>
  );
}
