import type { Problem } from "#contract/api-errors.ts";
import type { FlowProblem } from "#contract/flows.ts";
import type { RefusalProblem } from "#engine/base/refusal.ts";

/** Writes the problems of a graph as the problems of a refused request. The path names the node or the edge. */
export function toRequestProblems(problems: readonly RefusalProblem[]): Problem[] {
  return problems.map(({ nodeId, message, edgeId, code, field, suggestion }: Partial<FlowProblem> & RefusalProblem) => ({
    path: nodeId !== undefined ? `nodes.${nodeId}` : edgeId !== undefined ? `edges.${edgeId}` : "",
    message,
    ...(code !== undefined && { code }),
    ...(field !== undefined && { field }),
    ...(suggestion !== undefined && { suggestion }),
  }));
}
