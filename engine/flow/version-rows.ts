import { sql } from "kysely";
import type { FlowGraph } from "#contract/flows.ts";
import type { Db, Tx } from "#db/client.ts";

export interface FrozenVersion {
  id: string;
  number: number;
}

/** A flow as its author has it now, its graph unchecked. */
export interface FlowRow {
  id: string;
  name: string;
  nodes: unknown;
  edges: unknown;
  settings: unknown;
  /** The last publication before this moment; 0 where there is none. What concerns people who are inside comes after it. */
  lastPublication: number;
}

export async function readFlow(tx: Tx, { workspaceId, flowId }: { workspaceId: string; flowId: string }): Promise<FlowRow | undefined> {
  return selectFlow(tx, workspaceId, flowId).executeTakeFirst();
}

/**
 * Reads a flow, and keeps it from being archived or deleted until the transaction ends. The lock is one beside which others
 * let contacts in and versions are made.
 */
export async function lockFlowToEnter(
  tx: Tx,
  { workspaceId, flowId }: { workspaceId: string; flowId: string },
): Promise<(FlowRow & { isArchived: boolean }) | undefined> {
  return selectFlow(tx, workspaceId, flowId)
    .select(sql<boolean>`archived_at is not null`.as("isArchived"))
    .forKeyShare()
    .executeTakeFirst();
}

const selectFlow = (tx: Tx, workspaceId: string, flowId: string) =>
  tx
    .selectFrom("flows")
    .select(["id", "name", "nodes", "edges", "settings"])
    .select(
      sql<number>`coalesce((select max(p.seq) from flow_publications p where p.workspace_id = flows.workspace_id and p.flow_id = flows.id), 0)`.as(
        "lastPublication",
      ),
    )
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", flowId)
    .where("deleted_at", "is", null);

export async function findVersion(tx: Db, flowId: string, hash: string): Promise<FrozenVersion | undefined> {
  return tx.selectFrom("flow_versions").select(["id", "number"]).where("flow_id", "=", flowId).where("hash", "=", hash).executeTakeFirst();
}

export interface NewVersion {
  workspaceId: string;
  flowId: string;
  hash: string;
  name: string;
  content: FlowGraph & { settings: unknown };
  createdBy: string | null;
}

/**
 * Inserts a version with the next number of its flow. Returns undefined where another transaction has inserted the same
 * content first. The flow is locked, because versions are numbered one after the other. The lock is one beside which
 * rows that name the flow can be inserted: two requests of the same send wait for each other at the row of the send, and
 * the one that holds this lock would else wait for one that waits for this lock.
 */
export async function insertVersion(
  tx: Tx,
  { workspaceId, flowId, hash, name, content, createdBy }: NewVersion,
): Promise<FrozenVersion | undefined> {
  await sql`select from flows where id = ${flowId}::uuid for no key update`.execute(tx);
  const { rows } = await sql<FrozenVersion>`
    insert into flow_versions (workspace_id, flow_id, number, hash, name, nodes, edges, settings, created_by)
    select ${workspaceId}, ${flowId}::uuid, coalesce(max(number), 0) + 1, ${hash}, ${name},
      ${JSON.stringify(content.nodes)}::jsonb, ${JSON.stringify(content.edges)}::jsonb, ${JSON.stringify(content.settings)}::jsonb,
      ${createdBy}::uuid
    from flow_versions where flow_id = ${flowId}::uuid
    on conflict do nothing
    returning id, number`.execute(tx);
  return rows[0];
}

/** The graphs of these versions. A version whose flow was deleted is missing. */
export async function readVersions(db: Db, ids: readonly string[]): Promise<{ id: string; nodes: unknown; edges: unknown }[]> {
  return db.selectFrom("flow_versions").select(["id", "nodes", "edges"]).where("id", "in", ids).execute();
}
