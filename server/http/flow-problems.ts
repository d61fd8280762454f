import type { Problem } from "#contract/api-errors.ts";
import type { FlowProblem } from "#contract/flows.ts";
import type { RefusalProblem } from "#engine/base/refusal.ts";

/** Writes the problems of a refusal as those of a refused request. Of a graph the path names the node or the edge. */
export function toRequestProblems(problems: readonly RefusalProblem[]): Problem[] {
  return problems.map(
    ({
      path,
      nodeId,
      message,
      edgeId,
      code,
      field,
      suggestion,
    }: Partial<Omit<FlowProblem, "code">> & Partial<Problem> & RefusalProblem) => ({
      path: path !== undefined ? path : nodeId !== undefined ? `nodes.${nodeId}` : edgeId !== undefined ? `edges.${edgeId}` : "",
      message,
      ...(code !== undefined && { code }),
      ...(field !== undefined && { field }),
      ...(suggestion !== undefined && { suggestion }),
    }),
  );
}
