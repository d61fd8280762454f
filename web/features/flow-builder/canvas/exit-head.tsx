import type { Node, NodeProps } from "@xyflow/react";
import { CornerLeftUp } from "lucide-react";
import { memo, useContext } from "react";
import { foldWords } from "../fold/fold-words.ts";
import { FoldingContext } from "../fold/folding-context.ts";
import type { Place } from "../operations/exits.ts";
import { exitRowKey } from "../outline/outline-rows.ts";
import { EditingContext, useDraftHere, useEditing } from "./editing/editing-context.ts";
import { EndPlus, keepFocus } from "./editing/plus.tsx";
import type { Head } from "./exit-heads.ts";
import { FoldButton } from "./fold-button.tsx";
import { LineEnds } from "./line-ends.tsx";
import { ExitShare } from "./step-numbers.tsx";

/** `problems`: how many errors there are in steps that are not drawn. */
export type HeadNode = Node<{ head: Head; problems: number }, "head">;

/** An exit of the step above: its name, where it leads without a line, or that executions end there. */
export const ExitHead = memo(function ExitHead({ data: { head, problems } }: NodeProps<HeadNode>) {
  const isEditable = useContext(EditingContext) !== undefined;
  const place = placeOf(head);
  return (
    <div className="head">
      <LineEnds />
      {isEditable ? <EditablePill head={head} /> : <Pill head={head} />}
      {head.label !== undefined && <ExitShare stepId={head.stepId} exit={head.handle} label={head.label} />}
      {head.hides.length > 0 && <Folded place={place} words={foldWords(head.hides.length, problems)} hasProblems={problems > 0} />}
      {head.ends && <span className="end">Ends here</span>}
      {head.ends && isEditable && <EndPlus place={place} />}
    </div>
  );
});

const placeOf = ({ stepId, handle }: Head): Place => ({ source: stepId, exit: handle });

/** The steps of a folded branch. A click unfolds it; the outline does so by key. */
function Folded({ place, words, hasProblems }: { place: Place; words: string; hasProblems: boolean }) {
  const folding = useContext(FoldingContext);
  return (
    <button
      type="button"
      tabIndex={-1}
      className="folded nopan"
      data-problem={hasProblems ? "" : undefined}
      title="Unfold this branch"
      onMouseDown={keepFocus}
      onClick={() => folding?.unfold(place)}
    >
      {words}
    </button>
  );
}

function Pill({ head }: { head: Head }) {
  const { label, jumpsTo, folds, hides } = head;
  if (label === undefined) return null;
  return (
    <span className="pill" data-jump={jumpsTo === undefined ? undefined : ""} title={label}>
      {jumpsTo !== undefined && <CornerLeftUp aria-hidden size={12} />}
      <span className="exit" dir="auto">
        {label}
      </span>
      {folds && (
        <FoldButton
          isFolded={hides.length > 0}
          what="this branch"
          onPress={({ fold, unfold }) => (hides.length > 0 ? unfold : fold)(placeOf(head))}
        />
      )}
    </span>
  );
}

/** It can be dragged to the step at which contacts are to go on. A click focuses it in the outline, or what it leads back to. */
function EditablePill({ head }: { head: Head }) {
  const { store, press } = useEditing();
  const place = placeOf(head);
  const isActive = useDraftHere(({ active }) => active === exitRowKey(place));
  if (head.jumpsTo !== undefined) {
    const target = head.jumpsTo;
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: the outline says where it leads, and leads there
      // biome-ignore lint/a11y/useKeyWithClickEvents: see above
      <div className="grip nopan" onMouseDown={keepFocus} onClick={() => store.getState().reveal(target)}>
        <Pill head={head} />
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the outline connects exits by keys
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <div
      className="grip nopan"
      data-active={isActive ? "" : undefined}
      title={`${head.label ?? "Next"}: drag to a step to continue there`}
      onMouseDown={keepFocus}
      onPointerDown={(event) => press(event, () => ({ kind: "exit", place, name: `${head.label ?? "Next"} → …` }))}
      onClick={() => store.getState().reveal(exitRowKey(place))}
    >
      <Pill head={head} />
    </div>
  );
}
