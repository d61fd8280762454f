import type { ArchivePreview } from "#contract/flow-ends.ts";
import type { Flow } from "#contract/flows.ts";
import type { Tx } from "#db/client.ts";
import {
  countInside,
  type LiveOrDraft,
  listGraphsMentioning,
  lockBinned,
  readNodes,
  takeOutOfBin,
  unarchive,
} from "#db/queries/flow-ends.ts";
import { toGraph } from "#db/queries/flow-rows.ts";
import { findFlow } from "#db/queries/flows.ts";
import { namedFlows } from "#nodes/graph/named-flows.ts";
import { ApiError, notFound } from "../http/errors.ts";
import { labelOfNodeType, toFlow } from "./flow-answers.ts";
import { numbered, pickName } from "./flow-names.ts";
import { oneByOne } from "./one-by-one.ts";
import { requireRoom } from "./require-room.ts";

interface OfFlow {
  workspaceId: string;
  id: string;
}

/** What archiving a flow means now. @throws ApiError flow_not_found */
export async function previewArchive(db: Tx, { workspaceId, id }: OfFlow): Promise<ArchivePreview> {
  if (!(await findFlow(db, { workspaceId, id }))) throw notFound("flow_not_found");
  return { people: await countInside(db, { workspaceId, id }), startedBy: await listStarting(db, { workspaceId, id }) };
}

/**
 * Refuses to delete a flow that live flows start, because their contacts would fail at that step. Who archives it is told so first.
 * @throws ApiError flow_not_archived
 */
export async function refuseStarted(db: Tx, of: OfFlow): Promise<void> {
  const live = (await listStarting(db, of)).filter(({ isDraft }) => !isDraft);
  if (live.length === 0) return;
  const names = [...new Set(live.map(({ flowName }) => flowName))].map((name) => `“${name}”`);
  const who = names.length > 3 ? `${names.length} flows start` : `${names.join(", ")} ${names.length === 1 ? "starts" : "start"}`;
  throw new ApiError("flow_not_archived", `${who} this flow. Take it out of there, or archive this flow before you delete it.`);
}

/** The steps of other flows that start this one. */
async function listStarting(db: Tx, { workspaceId, id }: OfFlow): Promise<ArchivePreview["startedBy"]> {
  const mentioning = (await listGraphsMentioning(db, { workspaceId, id })).filter((one) => one.id !== id);
  const startedBy: ArchivePreview["startedBy"] = [];
  const read = (of: readonly LiveOrDraft[]) => readNodes(db, { workspaceId, of });
  for await (const { id: flowId, name: flowName, nodes, isDraft } of oneByOne(mentioning, read)) {
    const { nodes: known } = toGraph({ nodes, edges: [] });
    for (const { nodeId } of namedFlows(known).filter((named) => named.flowId === id)) {
      const node = known.find((one) => one.id === nodeId);
      startedBy.push({ flowId, flowName, nodeId, step: node?.data.label || (labelOfNodeType(node?.type ?? "") ?? nodeId), isDraft });
    }
  }
  return startedBy;
}

/** @throws ApiError flow_not_found */
export async function unarchiveFlow(db: Tx, { workspaceId, id }: OfFlow): Promise<Flow> {
  if (!(await unarchive(db, { workspaceId, id }))) throw notFound("flow_not_found");
  return readFlow(db, { workspaceId, id });
}

/** Takes a flow out of the bin, archived or not as it was. @throws ApiError flow_not_found */
export async function restoreFlow(db: Tx, { workspaceId, id }: OfFlow): Promise<Flow> {
  const name = await lockBinned(db, { workspaceId, id });
  if (name === undefined) throw notFound("flow_not_found");
  await requireRoom(db, { workspaceId, to: "flows" });
  const free = await pickName(db, { workspaceId }, numbered(name));
  await takeOutOfBin(db, { workspaceId, id, name: free });
  return readFlow(db, { workspaceId, id });
}

async function readFlow(db: Tx, { workspaceId, id }: OfFlow): Promise<Flow> {
  const row = await findFlow(db, { workspaceId, id });
  if (!row) throw notFound("flow_not_found");
  return toFlow(db, workspaceId, row);
}
