import { useRef, useState } from "react";
import type { ProblemFix } from "#contract/flow-problems.ts";
import type { FlowProblem } from "#contract/flows.ts";
import type { DraftStore } from "../draft/draft-store.ts";
import { edgeAt } from "../operations/exits.ts";
import { tell } from "../tell.ts";
import { applyFix } from "./apply-fix.ts";
import { focusPlace } from "./focus-place.ts";
import { groupProblems, placeAfter, type Visited } from "./shown-problems.ts";

/**
 * The panel of problems: whether it is open, and the ways from a problem to its place. `showElsewhere` shows one that has its
 * place beside the steps, and says whether it did.
 */
export function useProblemPanel(
  store: DraftStore,
  problems: readonly FlowProblem[],
  order: readonly string[],
  showElsewhere: (problem: FlowProblem) => boolean,
) {
  const [isOpen, setOpen] = useState(false);
  const panel = useRef<HTMLDivElement>(null);
  const last = useRef<Visited>(undefined);
  const { edit, select, reveal } = store.getState();

  const show = (problem: FlowProblem) => {
    if (showElsewhere(problem)) return;
    const { nodeId, field, exit } = problem;
    const { content } = store.getState();
    if (nodeId === undefined || !content.nodes.some(({ id }) => id === nodeId)) return;
    if (field === undefined && exit !== undefined) {
      const place = { source: nodeId, exit };
      select(null);
      reveal(edgeAt(content, place) ? `exit ${nodeId} ${exit}` : `end ${nodeId} ${exit}`);
      return;
    }
    select(nodeId);
    if (field !== undefined) focusPlace(field);
  };

  /** Goes to the next problem in the order of the panel, or to the one before, and round again. */
  const walk = (step: 1 | -1) => {
    const list = groupProblems(problems, store.getState().content.nodes, order).flatMap((group) => group.problems);
    if (list.length === 0) return tell("Nothing is wrong with this flow.");
    const index = placeAfter(list, last.current, step);
    const problem = list[index] as FlowProblem;
    last.current = { problem, index };
    show(problem);
    tell(problem.message, `${index + 1} of ${list.length}`);
  };

  const toggle = () => {
    setOpen(!isOpen);
    // A person who opens it by a key goes on reading there.
    if (!isOpen) requestAnimationFrame(() => (panel.current?.querySelector<HTMLElement>("li button") ?? panel.current)?.focus());
  };

  return {
    isOpen,
    panel,
    toggle,
    show,
    walk,
    fix: (problem: FlowProblem, fix: ProblemFix) => {
      const isDone = edit(fix.label, (draft) => applyFix(draft, problem, fix));
      if (isDone) tell(`Done: ${fix.label}`);
      panel.current?.focus();
    },
  };
}
