import type { Flow, FlowInput } from "#contract/flows.ts";
import type { Tx } from "#db/client.ts";
import { hasFlowFolder, insertFlow, updateFlow } from "#db/queries/flows.ts";
import { validateFlow } from "#nodes/validate-flow.ts";
import { invalid, notFound, refused } from "../errors.ts";
import { toFlow } from "../flow-answers.ts";
import { toRequestProblems } from "../flow-problems.ts";

/** Saves a graph whole or not at all; what is wrong with it is listed completely. With an id it replaces that flow. */
export async function saveFlow(db: Tx, { workspaceId, id, input }: { workspaceId: string; id?: string; input: FlowInput }): Promise<Flow> {
  const { name, nodes, edges, folderId, settings } = input;
  const errors = validateFlow({ nodes, edges }).filter(({ severity }) => severity === "error");
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
