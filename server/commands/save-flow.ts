import type { Flow, FlowInput } from "#contract/flows.ts";
import type { Tx } from "#db/client.ts";
import { hasFlowFolder } from "#db/queries/flow-folders.ts";
import { insertFlow, updateFlow } from "#db/queries/flows.ts";
import { invalid, notFound, refused } from "../http/errors.ts";
import { toRequestProblems } from "../http/flow-problems.ts";
import { type Authority, checkGraphAuthority } from "./check-graph-authority.ts";
import { toFlow } from "./flow-answers.ts";
import { judgeGraph } from "./judge-graph.ts";
import { findMissingNames } from "./missing-names.ts";
import { requireRoom } from "./require-room.ts";

/**
 * Saves a whole graph or nothing. The refusal lists everything that is wrong with it. With an id it replaces that flow.
 */
export async function saveFlow(
  db: Tx,
  { workspaceId, authority, id, input }: { workspaceId: string; authority: Authority; id?: string; input: FlowInput },
): Promise<Flow> {
  const { name, nodes, edges, folderId, settings } = input;
  checkGraphAuthority(authority, nodes);
  const errors = [
    ...judgeGraph(workspaceId, { nodes, edges }, id, { advises: true }).filter(({ severity }) => severity === "error"),
    ...(await findMissingNames(db, { workspaceId, nodes })),
  ];
  if (errors.length > 0) {
    const count = errors.length === 1 ? "one problem" : `${errors.length} problems`;
    throw refused("flow_invalid", `The flow has ${count} and was not saved.`, toRequestProblems(errors));
  }
  if (folderId && !(await hasFlowFolder(db, { workspaceId, id: folderId }))) {
    throw invalid([{ path: "folderId", message: "There is no such folder in this workspace" }]);
  }
  if (id === undefined) await requireRoom(db, { workspaceId, to: "flows" });
  const content = { workspaceId, name, nodes, edges, folderId, settings };
  const row = id === undefined ? await insertFlow(db, content) : await updateFlow(db, { ...content, id });
  if (!row) throw notFound("flow_not_found");
  return toFlow(db, workspaceId, row);
}
