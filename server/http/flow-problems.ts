import type { Problem } from "#contract/api-errors.ts";
import type { FlowProblem } from "#contract/flows.ts";

/** What is wrong in a graph, as the problems of a refused request: the path names the node or edge. */
export function toRequestProblems(problems: readonly FlowProblem[]): Problem[] {
  return problems.map(({ nodeId, edgeId, message }) => ({
    path: nodeId !== undefined ? `nodes.${nodeId}` : edgeId !== undefined ? `edges.${edgeId}` : "",
    message,
  }));
}
