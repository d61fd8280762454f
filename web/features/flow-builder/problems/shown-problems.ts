import type { FlowNode, FlowProblem } from "#contract/flows.ts";

const gravity = { error: 0, warning: 1, hint: 2 } as const;

/** What a step that was added a moment ago lacks in its settings is one word, and not wrong yet. */
export function withFreshSteps(problems: readonly FlowProblem[], fresh: ReadonlySet<string>): readonly FlowProblem[] {
  const isOfSettings = ({ nodeId, field, code }: FlowProblem) =>
    nodeId !== undefined && fresh.has(nodeId) && (field !== undefined || code === "missing_config");
  if (!problems.some(isOfSettings)) return problems;
  const lacking = new Set(problems.filter(isOfSettings).map(({ nodeId }) => nodeId as string));
  return [
    ...problems.filter((one) => !isOfSettings(one)),
    ...[...lacking].map((nodeId): FlowProblem => ({ severity: "hint", code: "missing_config", message: notSetUp, nodeId })),
  ];
}

export const notSetUp = "Not set up yet";

/** Whether a problem is marked at its step: hints stand in the panel only, but for what is not set up yet. */
export const isMarked = ({ severity, message }: FlowProblem): boolean => severity !== "hint" || message === notSetUp;

export interface ProblemGroup {
  /** Undefined: the flow as a whole. */
  node: FlowNode | undefined;
  problems: readonly FlowProblem[];
}

/** The problems of each step, in the order in which the steps stand in the outline, the gravest first. */
export function groupProblems(problems: readonly FlowProblem[], nodes: readonly FlowNode[], order: readonly string[]): ProblemGroup[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const place = new Map(order.map((id, index) => [id, index]));
  const groups = Map.groupBy(problems, ({ nodeId }) => (nodeId !== undefined && byId.has(nodeId) ? nodeId : ""));
  const placeOf = (id: string) => (id === "" ? -1 : (place.get(id) ?? order.length));
  return [...groups]
    .toSorted(([one], [other]) => placeOf(one) - placeOf(other))
    .map(([id, mine]) => ({
      node: byId.get(id),
      problems: mine.toSorted((one, other) => gravity[one.severity] - gravity[other.severity]),
    }));
}

/** “2 problems, 1 warning”; undefined where there is nothing to tell. */
export function countWords(problems: readonly FlowProblem[]): string | undefined {
  const words = (["error", "warning", "hint"] as const).flatMap((severity) => {
    const many = problems.filter((one) => one.severity === severity).length;
    const name = severity === "error" ? "problem" : severity;
    return many === 0 ? [] : [`${many} ${name}${many === 1 ? "" : "s"}`];
  });
  return words.length === 0 ? undefined : words.join(", ");
}

/** A problem that was gone to, and where it stood in the list. */
export interface Visited {
  problem: FlowProblem;
  index: number;
}

/**
 * The place of the problem after the one that was gone to last, or before it, and round again. The list may have changed since: a hint
 * came, or that very problem was mended, and then the one that took its place is next.
 */
export function placeAfter(list: readonly FlowProblem[], last: Visited | undefined, step: 1 | -1): number {
  if (last === undefined) return step === 1 ? 0 : list.length - 1;
  const found = list.findIndex((one) => isSame(one, last.problem));
  const from = found >= 0 ? found : Math.min(step === 1 ? last.index - 1 : last.index, list.length);
  return (from + step + list.length) % list.length;
}

const isSame = (one: FlowProblem, other: FlowProblem): boolean =>
  (["code", "nodeId", "edgeId", "field", "exit"] as const).every((key) => one[key] === other[key]);
