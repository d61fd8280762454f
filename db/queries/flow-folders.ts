import { sql } from "kysely";
import type { FlowFolder } from "#contract/flow-folders.ts";
import type { Db, Tx } from "../client.ts";

interface OfWorkspace {
  workspaceId: string;
}

export async function listFlowFolders(db: Db, { workspaceId }: OfWorkspace): Promise<FlowFolder[]> {
  return db
    .selectFrom("flow_folders")
    .select(["id", "name", "parent_id as parentId"])
    .where("workspace_id", "=", workspaceId)
    .orderBy(sql`lower(name)`)
    .orderBy("id")
    .execute();
}

export async function hasFlowFolder(db: Db, { workspaceId, id }: { workspaceId: string; id: string }): Promise<boolean> {
  const row = await db
    .selectFrom("flow_folders")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
  return row !== undefined;
}

export async function insertFlowFolder(tx: Tx, { workspaceId, name, parentId }: OfWorkspace & Omit<FlowFolder, "id">): Promise<FlowFolder> {
  return tx
    .insertInto("flow_folders")
    .values({ workspace_id: workspaceId, name, parent_id: parentId })
    .returning(["id", "name", "parent_id as parentId"])
    .executeTakeFirstOrThrow();
}

export async function writeFlowFolder(tx: Tx, { workspaceId, id, name, parentId }: OfWorkspace & FlowFolder): Promise<void> {
  await tx
    .updateTable("flow_folders")
    .set({ name, parent_id: parentId })
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .execute();
}

/** Deletes a folder. A trigger moves what is in it to the folder that it stands in. */
export async function removeFlowFolder(tx: Tx, { workspaceId, id }: OfWorkspace & { id: string }): Promise<void> {
  await tx.deleteFrom("flow_folders").where("workspace_id", "=", workspaceId).where("id", "=", id).execute();
}

export async function writeFlowPlace(
  tx: Tx,
  { workspaceId, flowId, folderId }: OfWorkspace & { flowId: string; folderId: string | null },
): Promise<void> {
  await tx.updateTable("flows").set({ folder_id: folderId }).where("workspace_id", "=", workspaceId).where("id", "=", flowId).execute();
}
