import type { Flow, FlowInput, FlowProblem } from "#contract/flows.ts";
import type { Tx } from "#db/client.ts";
import { hasFlowFolder, insertFlow, listFlowIds, updateFlow } from "#db/queries/flows.ts";
import { namedFlows } from "#nodes/graph/named-flows.ts";
import { validateFlow } from "#nodes/graph/validate-flow.ts";
import { invalid, notFound, refused } from "../http/errors.ts";
import { toRequestProblems } from "../http/flow-problems.ts";
import { toFlow } from "./flow-answers.ts";

/**
 * Saves a whole graph or nothing. The refusal lists everything that is wrong with it. With an id it replaces that flow.
 */
export async function saveFlow(db: Tx, { workspaceId, id, input }: { workspaceId: string; id?: string; input: FlowInput }): Promise<Flow> {
  const { name, nodes, edges, folderId, settings } = input;
  const errors = [
    ...validateFlow({ nodes, edges }, id).filter(({ severity }) => severity === "error"),
    ...(await strangers(db, workspaceId, nodes)),
  ];
  if (errors.length > 0) {
    const count = errors.length === 1 ? "one problem" : `${errors.length} problems`;
    throw refused("flow_invalid", `The flow has ${count} and was not saved.`, toRequestProblems(errors));
  }
  if (folderId && !(await hasFlowFolder(db, { workspaceId, id: folderId }))) {
    throw invalid([{ path: "folderId", message: "There is no such folder in this workspace" }]);
  }
  const content = { workspaceId, name, nodes, edges, folderId, settings };
  const row = id === undefined ? await insertFlow(db, content) : await updateFlow(db, { ...content, id });
  if (!row) throw notFound("flow_not_found");
  return toFlow(row);
}

/** Finds nodes that name flows which do not exist or are of another workspace. The refusal is the same for both. */
async function strangers(db: Tx, workspaceId: string, nodes: FlowInput["nodes"]): Promise<FlowProblem[]> {
  const named = namedFlows(nodes);
  const known = new Set(await listFlowIds(db, { workspaceId, ids: named.map(({ flowId }) => flowId) }));
  return named
    .filter(({ flowId }) => !known.has(flowId))
    .map(({ nodeId }) => ({ severity: "error", code: "bad_config", message: "There is no such flow in this workspace.", nodeId }));
}
