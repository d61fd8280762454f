import { sql } from "kysely";
import type { FlowFolder } from "#contract/flows.ts";
import type { Db } from "../client.ts";
import type { StoredGraph } from "./flow-rows.ts";

export interface FlowListRow extends StoredGraph {
  id: string;
  name: string;
  folderId: string | null;
  active: number;
  enrolled: number;
  lastSentAt: string | null;
  createdAt: string;
  updatedAt: string;
}

/** All flows by name, with their graphs and the totals of their sends: one query, whatever their number. */
export async function listFlows(db: Db, { workspaceId }: { workspaceId: string }): Promise<FlowListRow[]> {
  const { rows } = await sql<
    Omit<FlowListRow, "lastSentAt" | "createdAt" | "updatedAt"> & Record<"last" | "created" | "updated", Date | null>
  >`
    select f.id, f.name, f.folder_id as "folderId", f.nodes, f.edges, f.created_at as created, f.updated_at as updated,
      coalesce(s.enrolled, 0) as enrolled, coalesce(s.active, 0) as active, s.last
    from flows f
    left join (
      select flow_id, sum(enrolled) as enrolled, max(created_at) as last,
        sum(enrolled - completed - failed - partial_failure - cancelled) as active
      from flow_sends where workspace_id = ${workspaceId} group by flow_id
    ) s on s.flow_id = f.id
    where f.workspace_id = ${workspaceId}
    order by lower(f.name), f.id`.execute(db);
  return rows.map(({ last, created, updated, ...row }) => ({
    ...row,
    lastSentAt: last?.toISOString() ?? null,
    createdAt: created?.toISOString() ?? "",
    updatedAt: updated?.toISOString() ?? "",
  }));
}

export async function listFlowFolders(db: Db, { workspaceId }: { workspaceId: string }): Promise<FlowFolder[]> {
  return db
    .selectFrom("flow_folders")
    .select(["id", "name", "parent_id as parentId"])
    .where("workspace_id", "=", workspaceId)
    .orderBy(sql`lower(name)`)
    .orderBy("id")
    .execute();
}

export interface FlowRow extends StoredGraph {
  id: string;
  name: string;
  folderId: string | null;
  settings: Record<string, unknown>;
  createdAt: string;
  updatedAt: string;
}

const columns = ["id", "name", "folder_id", "nodes", "edges", "settings", "created_at", "updated_at"] as const;

export async function findFlow(db: Db, { workspaceId, id }: { workspaceId: string; id: string }): Promise<FlowRow | undefined> {
  const row = await db.selectFrom("flows").select(columns).where("workspace_id", "=", workspaceId).where("id", "=", id).executeTakeFirst();
  return row && toFlowRow(row);
}

/** Which of these flows there are in the workspace. */
export async function listFlowIds(db: Db, { workspaceId, ids }: { workspaceId: string; ids: readonly string[] }): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom("flows").select("id").where("workspace_id", "=", workspaceId).where("id", "in", ids).execute();
  return rows.map(({ id }) => id);
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

export interface FlowContent {
  name: string;
  /** Undefined keeps the folder, null takes the flow out of it. */
  folderId: string | null | undefined;
  nodes: unknown[];
  edges: unknown[];
  /** Undefined keeps them. */
  settings: Record<string, unknown> | undefined;
}

export async function insertFlow(db: Db, { workspaceId, ...content }: { workspaceId: string } & FlowContent): Promise<FlowRow> {
  const values = { workspace_id: workspaceId, ...toColumns(content), folder_id: content.folderId ?? null };
  return toFlowRow(await db.insertInto("flows").values(values).returning(columns).executeTakeFirstOrThrow());
}

/** Undefined when there is no such flow. */
export async function updateFlow(
  db: Db,
  { workspaceId, id, ...content }: { workspaceId: string; id: string } & FlowContent,
): Promise<FlowRow | undefined> {
  const row = await db
    .updateTable("flows")
    .set({ ...toColumns(content), ...(content.folderId === undefined ? {} : { folder_id: content.folderId }) })
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .returning(columns)
    .executeTakeFirst();
  return row && toFlowRow(row);
}

const toColumns = ({ name, nodes, edges, settings }: FlowContent) => ({
  name,
  nodes: JSON.stringify(nodes),
  edges: JSON.stringify(edges),
  ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }),
});

interface Columns extends StoredGraph {
  id: string;
  name: string;
  folder_id: string | null;
  settings: unknown;
  created_at: Date;
  updated_at: Date;
}

const toFlowRow = (row: Columns): FlowRow => ({
  id: row.id,
  name: row.name,
  folderId: row.folder_id,
  nodes: row.nodes,
  edges: row.edges,
  settings: typeof row.settings === "object" && row.settings !== null && !Array.isArray(row.settings) ? { ...row.settings } : {},
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});
