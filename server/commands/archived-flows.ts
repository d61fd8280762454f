import type { FlowNode, FlowProblem } from "#contract/flows.ts";
import type { Tx } from "#db/client.ts";
import { listArchivedFlows } from "#db/queries/flow-ends.ts";
import { namedFlows } from "#nodes/graph/named-flows.ts";

/** The steps of a graph that name an archived flow, which nobody can enter. */
export async function findArchivedFlows(
  db: Tx,
  { workspaceId, nodes }: { workspaceId: string; nodes: readonly FlowNode[] },
): Promise<FlowProblem[]> {
  const named = namedFlows(nodes);
  const archived = new Map(
    (await listArchivedFlows(db, { workspaceId, ids: named.map(({ flowId }) => flowId) })).map(({ id, name }) => [id, name]),
  );
  return named.flatMap(({ nodeId, field, flowId }): FlowProblem[] => {
    const name = archived.get(flowId);
    if (name === undefined) return [];
    const message = `The flow “${name}” is archived, so nobody can enter it. Unarchive it, or choose another.`;
    return [{ severity: "error", code: "flow_archived", message, nodeId, field }];
  });
}
