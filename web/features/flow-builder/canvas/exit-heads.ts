import type { FlowEdge } from "#contract/flows.ts";
import type { NodeDescription } from "#nodes/describe-node.tsx";
import { exitRowKey } from "../outline/outline-rows.ts";

/** An exit of a step, drawn as a pill under its card. */
export interface Head {
  id: string;
  stepId: string;
  handle: string;
  /** Undefined where the step has only its usual exit, whose name tells nothing. */
  label: string | undefined;
  /** Nothing leads on from here, so executions end. */
  ends: boolean;
  /** The steps that are not drawn, because the branch is folded. */
  hides: readonly string[];
  /** Whether the branch is folded, or can be. */
  folds: boolean;
  /** The step to which the exit leads without an edge. */
  jumpsTo: string | undefined;
  width: number;
  height: number;
}

const widest = 300;
const pillHeight = 26;
/** "Ends here", and below it where the drawing can be changed a button that adds a step. */
const endHeight = { shown: 22, editable: 42 } as const;

/** "+12 steps · 2 problems" */
const foldWidth = 150;
const foldHeight = 28;
const nothing: readonly string[] = [];

/** An edge without a handle leaves by the first exit that edges leave by. */
export const handleOf = (edge: FlowEdge, { exits, jumps }: NodeDescription): string =>
  edge.sourceHandle || (exits.find(({ handle }) => !Object.hasOwn(jumps, handle))?.handle ?? "next");

/** The place of an exit in the list of its node type. Unknown exits, which are a problem, come last. */
export const exitRank = (handle: string, { exits }: NodeDescription): number => {
  const index = exits.findIndex((exit) => exit.handle === handle);
  return index === -1 ? exits.length : index;
};

/**
 * The exits that are drawn, from left to right: those that executions need, and of the others those that are used. The
 * usual exit of a step with one way on is no head, because its line leaves the card.
 */
export const headsOf = (
  stepId: string,
  look: NodeDescription,
  leaving: readonly FlowEdge[],
  isEditable: boolean,
  hidden: ReadonlyMap<string, readonly string[]> | undefined,
  arrivalsAt: (stepId: string) => number,
): Head[] => {
  const hiddenBy = (handle: string) => hidden?.get(exitRowKey({ source: stepId, exit: handle })) ?? nothing;
  const folded = look.exits.map(({ handle }) => handle).filter((handle) => hiddenBy(handle).length > 0);
  const used = new Set([...leaving.map((edge) => handleOf(edge, look)), ...folded]);
  const known = look.exits.filter((exit) => used.has(exit.handle) || !(exit.optional || exit.aside)).map((exit) => exit.handle);
  const handles = [...new Set([...known, ...used])];
  const [only] = handles;
  const isPlain =
    handles.length === 1 && look.jumps[only as string] === undefined && (only === look.exits[0]?.handle || !leaving[0]?.sourceHandle);
  if (isPlain && used.size > 0) return [];
  /** No other way leads there, so its steps go out of sight with it. */
  const leadsAlone = (handle: string) => leaving.some((edge) => handleOf(edge, look) === handle && arrivalsAt(edge.target) === 1);
  return handles.map((handle) => {
    const jumpsTo = used.has(handle) ? undefined : look.jumps[handle];
    const hides = hiddenBy(handle);
    const ends = !used.has(handle) && jumpsTo === undefined;
    const folds = hidden !== undefined && handles.length > 1 && (hides.length > 0 || leadsAlone(handle));
    const label = isPlain ? undefined : jumpsTo === undefined ? (look.exits[exitRank(handle, look)]?.label ?? handle) : look.summary;
    return {
      id: `${stepId}\n${handle}`,
      stepId,
      handle,
      label,
      ends,
      hides,
      folds,
      jumpsTo,
      width: Math.max(label === undefined ? 76 : widthOf(label, jumpsTo !== undefined || folds), hides.length > 0 ? foldWidth : 0),
      height:
        (label === undefined ? 0 : pillHeight) +
        (ends ? endHeight[isEditable ? "editable" : "shown"] : 0) +
        (hides.length > 0 ? foldHeight : 0),
    };
  });
};

/** Nothing is measured before it is drawn, so the width is reckoned; a longer label is cut and shown in full on hover. */
const widthOf = (label: string, hasSign: boolean): number =>
  Math.min(widest, Math.max(76, Math.ceil(label.length * 7.2) + 26 + (hasSign ? 18 : 0)));
