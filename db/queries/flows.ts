import { sql } from "kysely";
import type { Db, Tx } from "../client.ts";
import { type StoredGraph, toSettings } from "./flow-rows.ts";

/** One state of the row of a flow. Each change of the row gives it another. */
export interface FlowState {
  id: string;
  version: string;
}

export interface StoredFlow extends FlowState, StoredGraph {
  name: string;
}

export interface FlowListRow extends FlowState {
  name: string;
  folderId: string | null;
  hasDraft: boolean;
  active: number;
  enrolled: number;
  lastSentAt: string | null;
  createdAt: string;
  updatedAt: string;
  archivedAt: string | null;
  favourite: boolean;
  openedAt: string | null;
}

/** All flows by name, archived or not, with the totals of their sends and what they are to a member: one query, whatever their number. */
export async function listFlows(
  db: Db,
  { workspaceId, userId, archived }: { workspaceId: string; userId: string; archived: boolean },
): Promise<FlowListRow[]> {
  const { rows } = await sql<
    Omit<FlowListRow, "lastSentAt" | "createdAt" | "updatedAt" | "archivedAt" | "openedAt"> &
      Record<"last" | "created" | "updated" | "archived" | "opened", Date | null>
  >`
    select f.id, f.xmin::text as version, f.name, f.folder_id as "folderId", f.created_at as created,
      greatest(f.updated_at, d.updated_at) as updated, f.archived_at as archived, d.flow_id is not null as "hasDraft",
      coalesce(s.enrolled, 0) as enrolled, coalesce(s.active, 0) as active, s.last,
      coalesce(m.is_favourite, false) as favourite, m.opened_at as opened
    from flows f
    left join (
      select flow_id, sum(enrolled) as enrolled, max(created_at) as last,
        sum(enrolled - completed - failed - partial_failure - cancelled) as active
      from flow_sends where workspace_id = ${workspaceId} group by flow_id
    ) s on s.flow_id = f.id
    left join flow_drafts d on d.workspace_id = f.workspace_id and d.flow_id = f.id
    left join member_flows m on m.workspace_id = f.workspace_id and m.user_id = ${userId}::uuid and m.flow_id = f.id
    where f.workspace_id = ${workspaceId} and (f.archived_at is not null) = ${archived}
    order by lower(f.name), f.id`.execute(db);
  return rows.map(({ last, created, updated, archived: since, opened, ...row }) => ({
    ...row,
    lastSentAt: last?.toISOString() ?? null,
    createdAt: created?.toISOString() ?? "",
    updatedAt: updated?.toISOString() ?? "",
    archivedAt: since?.toISOString() ?? null,
    openedAt: opened?.toISOString() ?? null,
  }));
}

/** These flows without their graphs. */
export async function listFlowStates(
  db: Db,
  { workspaceId, ids }: { workspaceId: string; ids: readonly string[] },
): Promise<(FlowState & { name: string })[]> {
  const { rows } = await sql<FlowState & { name: string }>`
    select id, xmin::text as version, name from flows
    where workspace_id = ${workspaceId} and id = any(${[...ids]}::uuid[])`.execute(db);
  return rows;
}

/** The flows whose nodes mention a text, whatever its case. What it means there, the caller finds out. */
export async function listFlowsMentioning(
  db: Db,
  { workspaceId, pattern }: { workspaceId: string; pattern: string },
): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from flows where workspace_id = ${workspaceId} and nodes::text ilike ${pattern}
    order by lower(name), id`.execute(db);
  return rows;
}

export interface FlowRow extends StoredGraph {
  id: string;
  name: string;
  folderId: string | null;
  settings: Record<string, unknown>;
  createdAt: string;
  updatedAt: string;
  archivedAt: string | null;
}

const columns = ["id", "name", "folder_id", "nodes", "edges", "settings", "created_at", "updated_at", "archived_at"] as const;

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

/** The names of these flows, of those that there are. */
export async function listFlowNames(
  db: Db,
  { workspaceId, ids }: { workspaceId: string; ids: readonly string[] },
): Promise<{ id: string; name: string }[]> {
  if (ids.length === 0) return [];
  return db.selectFrom("flows").select(["id", "name"]).where("workspace_id", "=", workspaceId).where("id", "in", ids).execute();
}

/** The live graphs of these flows, as far as they are of the workspace. */
export async function listFlowGraphs(db: Db, { workspaceId, ids }: { workspaceId: string; ids: readonly string[] }): Promise<StoredFlow[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom("flows")
    .select(["id", "name", "nodes", "edges", sql<string>`xmin::text`.as("version")])
    .where("workspace_id", "=", workspaceId)
    .where("id", "in", ids)
    .execute();
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

/** Undefined when there is no such flow. */
export async function setFlowName(
  db: Db,
  { workspaceId, id, name }: { workspaceId: string; id: string; name: string },
): Promise<FlowRow | undefined> {
  const row = await db
    .updateTable("flows")
    .set({ name })
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .returning(columns)
    .executeTakeFirst();
  return row && toFlowRow(row);
}

/**
 * Makes a flow of which nothing is live, with a draft that is a copy of what is edited of another one, byte for byte, whatever
 * other tools wrote into it. Throws when there is no such flow.
 */
export async function copyFlowIntoDraft(
  db: Db,
  { workspaceId, id, name, by }: { workspaceId: string; id: string; name: string; by: { id: string; name: string } },
): Promise<FlowRow> {
  const copy = await db
    .insertInto("flows")
    .columns(["workspace_id", "name", "folder_id"])
    .expression((from) =>
      from
        .selectFrom("flows")
        .select(["workspace_id", sql<string>`${name}::text`.as("name"), "folder_id"])
        .where("workspace_id", "=", workspaceId)
        .where("id", "=", id),
    )
    .returning(columns)
    .executeTakeFirstOrThrow();
  await sql`
    insert into flow_drafts (flow_id, workspace_id, name, nodes, edges, settings, began_from, updated_by, updated_by_name)
    select c.id, c.workspace_id, c.name, coalesce(d.nodes, f.nodes), coalesce(d.edges, f.edges), coalesce(d.settings, f.settings),
      private.flow_mark(c.name, c.nodes, c.edges, c.settings), ${by.id}::uuid, ${by.name}
    from flows c
    join flows f on f.workspace_id = c.workspace_id and f.id = ${id}::uuid
    left join flow_drafts d on d.workspace_id = f.workspace_id and d.flow_id = f.id
    where c.workspace_id = ${workspaceId} and c.id = ${copy.id}::uuid`.execute(db);
  return toFlowRow(copy);
}

/** Until the transaction ends, nobody else who asks for this gives a flow of the workspace a name. */
export async function lockFlowNames(tx: Tx, { workspaceId }: { workspaceId: string }): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('flow names/' || ${workspaceId}::text, 0))`.execute(tx);
}

/** Whether a flow has this name, in upper or lower case. */
export async function isFlowNameTaken(
  db: Db,
  { workspaceId, name, except }: { workspaceId: string; name: string; except?: string | undefined },
): Promise<boolean> {
  const row = await db
    .selectFrom("flows")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where(sql<boolean>`lower(name) = lower(${name}::text)`)
    .$if(except !== undefined, (others) => others.where("id", "<>", except as string))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
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
  archived_at: Date | null;
}

const toFlowRow = (row: Columns): FlowRow => ({
  id: row.id,
  name: row.name,
  folderId: row.folder_id,
  nodes: row.nodes,
  edges: row.edges,
  settings: toSettings(row.settings),
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
  archivedAt: row.archived_at?.toISOString() ?? null,
});
