import type { Flow } from "#contract/flows.ts";
import type { Tx } from "#db/client.ts";
import { findDraft, writeDraft } from "#db/queries/flow-drafts.ts";
import { copyFlowIntoDraft, insertFlow, lockFlowNames, setFlowName } from "#db/queries/flows.ts";
import { notFound } from "../http/errors.ts";
import type { Principal } from "../http/handler.ts";
import { actorOf } from "../http/principal.ts";
import { findFlowTemplate } from "../templates/flow-templates.ts";
import { type Authority, checkGraphAuthority } from "./check-graph-authority.ts";
import { toFlow } from "./flow-answers.ts";
import { type Named, namesOfCopies, numbered, pickName, requireFree } from "./flow-names.ts";
import { requireRoom } from "./require-room.ts";

/** @throws ApiError `flow_name_taken` where another flow has the name, in upper or lower case. */
export async function renameFlow(db: Tx, { workspaceId, id, name }: { workspaceId: string; id: string; name: string }): Promise<Flow> {
  await lockFlowNames(db, { workspaceId });
  await requireFree(db, { workspaceId, name, except: id });
  const row = await setFlowName(db, { workspaceId, id, name });
  if (!row) throw notFound("flow_not_found");
  return toFlow(db, workspaceId, row);
}

/**
 * Copies what is edited of a flow into the draft of a new one, problems included, and nothing of its history. Nobody can be
 * sent the copy before somebody has published it.
 * @throws ApiError `flow_name_taken` where a name is asked for that another flow has.
 */
export async function duplicateFlow(
  db: Tx,
  { workspaceId, principal, id, name }: Named & { principal: Principal; id: string },
): Promise<Flow> {
  const row = await findDraft(db, { workspaceId, flowId: id });
  if (!row) throw notFound("flow_not_found");
  await requireRoom(db, { workspaceId, to: "flows" });
  const free = await pickName(db, { workspaceId, name }, namesOfCopies(row.name));
  return toFlow(db, workspaceId, await copyFlowIntoDraft(db, { workspaceId, id, name: free, by: actorOf(principal) }));
}

/** @throws ApiError `template_not_found`, or `flow_name_taken` where a name is asked for that another flow has. */
export async function addFromTemplate(
  db: Tx,
  { workspaceId, authority, templateId, name, as }: Named & { authority: Authority; templateId: string; as: "live" | "draft" },
): Promise<Flow> {
  const template = findFlowTemplate(templateId);
  if (!template) throw notFound("template_not_found");
  const { nodes, edges } = template.flow;
  checkGraphAuthority(authority, nodes);
  await requireRoom(db, { workspaceId, to: "flows" });
  const free = await pickName(db, { workspaceId, name }, numbered(template.flow.name));
  const live = as === "live" ? { nodes, edges } : { nodes: [], edges: [] };
  const flow = await insertFlow(db, { workspaceId, name: free, folderId: null, ...live, settings: undefined });
  if (as === "draft") {
    const content = { name: free, nodes, edges, settings: {} };
    await writeDraft(db, { workspaceId, flowId: flow.id, content, by: actorOf(authority.principal) });
  }
  return toFlow(db, workspaceId, flow);
}
