import { deepestFolder, type FlowFolder, type FlowFolderPatch, type NewFlowFolder } from "#contract/flow-folders.ts";
import { foldName } from "#contract/fold.ts";
import type { Tx } from "#db/client.ts";
import { takeTurnToAdd } from "#db/queries/count-limits.ts";
import { insertFlowFolder, listFlowFolders, removeFlowFolder, writeFlowFolder, writeFlowPlace } from "#db/queries/flow-folders.ts";
import { findFlow } from "#db/queries/flows.ts";
import { conflict, notFound } from "../http/errors.ts";
import { requireRoom } from "./require-room.ts";

interface OfFolder {
  workspaceId: string;
  id: string;
}

/** Those who change folders wait for each other, so what was judged is still so when it is written. */
export async function createFlowFolder(tx: Tx, { workspaceId, ...folder }: NewFlowFolder & { workspaceId: string }): Promise<FlowFolder> {
  await requireRoom(tx, { workspaceId, to: "flowFolders" });
  requirePlace(await listFlowFolders(tx, { workspaceId }), { id: undefined, ...folder });
  return insertFlowFolder(tx, { workspaceId, ...folder });
}

export async function updateFlowFolder(tx: Tx, { workspaceId, id, ...patch }: FlowFolderPatch & OfFolder): Promise<FlowFolder> {
  await takeTurnToAdd(tx, { workspaceId, to: "flowFolders" });
  const all = await listFlowFolders(tx, { workspaceId });
  const before = all.find((folder) => folder.id === id);
  if (!before) throw notFound("folder_not_found");
  const after = { id, name: patch.name ?? before.name, parentId: patch.parentId === undefined ? before.parentId : patch.parentId };
  requirePlace(all, after);
  await writeFlowFolder(tx, { workspaceId, ...after });
  return after;
}

export async function deleteFlowFolder(tx: Tx, { workspaceId, id }: OfFolder): Promise<FlowFolder> {
  await takeTurnToAdd(tx, { workspaceId, to: "flowFolders" });
  const folder = (await listFlowFolders(tx, { workspaceId })).find((one) => one.id === id);
  if (!folder) throw notFound("folder_not_found");
  await removeFlowFolder(tx, { workspaceId, id });
  return folder;
}

export async function moveFlow(
  tx: Tx,
  { workspaceId, id, folderId }: OfFolder & { folderId: string | null },
): Promise<{ name: string; from: string | null }> {
  // A folder that is deleted meanwhile would leave the flow in none.
  await takeTurnToAdd(tx, { workspaceId, to: "flowFolders" });
  const flow = await findFlow(tx, { workspaceId, id });
  if (!flow) throw notFound("flow_not_found");
  const folders = folderId === null ? [] : await listFlowFolders(tx, { workspaceId });
  if (folderId !== null && !folders.some((folder) => folder.id === folderId)) throw notFound("folder_not_found");
  await writeFlowPlace(tx, { workspaceId, flowId: id, folderId });
  return { name: flow.name, from: flow.folderId };
}

/** A folder stands in one that is there and not in itself, not too deep, and beside none of its own name. */
function requirePlace(all: readonly FlowFolder[], { id, name, parentId }: Omit<FlowFolder, "id"> & { id: string | undefined }): void {
  const byId = new Map(all.map((folder) => [folder.id, folder]));
  if (parentId !== null && !byId.has(parentId)) throw notFound("folder_not_found");
  const above: string[] = [];
  for (let up = parentId; up !== null && !above.includes(up); up = byId.get(up)?.parentId ?? null) above.push(up);
  if (id !== undefined && above.includes(id)) {
    throw conflict("folder_misplaced", "A folder cannot stand in itself or in a folder that is in it. Choose another one.");
  }
  if (above.length + 1 + heightOf(all, id) > deepestFolder) {
    throw conflict("folder_misplaced", `Folders stand in each other to a depth of ${deepestFolder}. Choose one further out.`);
  }
  const twin = all.find((one) => one.parentId === parentId && one.id !== id && foldName(one.name) === foldName(name));
  if (twin) throw conflict("folder_name_taken", `There is a folder “${twin.name}” in this place already. Choose another name.`);
}

/** How many levels of folders stand in one. */
function heightOf(all: readonly FlowFolder[], id: string | undefined): number {
  let height = 0;
  const seen = new Set<string>();
  for (let level = id === undefined ? [] : [id]; ; height += 1) {
    level = all.filter(({ id: one, parentId }) => parentId !== null && level.includes(parentId) && !seen.has(one)).map((one) => one.id);
    if (level.length === 0) return height;
    for (const one of level) seen.add(one);
  }
}
