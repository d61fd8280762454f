import type { Problem } from "#contract/api-errors.ts";
import type { FlowProblem } from "#contract/flows.ts";

/** Writes the problems of a graph as the problems of a refused request. The path names the node or the edge. */
export function toRequestProblems(problems: readonly FlowProblem[]): Problem[] {
  return problems.map(({ nodeId, edgeId, message }) => ({
    path: nodeId !== undefined ? `nodes.${nodeId}` : edgeId !== undefined ? `edges.${edgeId}` : "",
    message,
  }));
}
