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
}

export async function readFlow(tx: Tx, { workspaceId, flowId }: { workspaceId: string; flowId: string }): Promise<FlowRow | undefined> {
  return tx
    .selectFrom("flows")
    .select(["id", "name", "nodes", "edges", "settings"])
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", flowId)
    .executeTakeFirst();
}

export async function findVersion(tx: Tx, flowId: string, hash: string): Promise<FrozenVersion | undefined> {
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
 * content first. The flow is locked, because versions are numbered one after the other.
 */
export async function insertVersion(
  tx: Tx,
  { workspaceId, flowId, hash, name, content, createdBy }: NewVersion,
): Promise<FrozenVersion | undefined> {
  await sql`select from flows where id = ${flowId}::uuid for update`.execute(tx);
  const { rows } = await sql<FrozenVersion>`
    insert into flow_versions (workspace_id, flow_id, number, hash, name, nodes, edges, settings, created_by)
    select ${workspaceId}, ${flowId}::uuid, coalesce(max(number), 0) + 1, ${hash}, ${name},
      ${JSON.stringify(content.nodes)}::jsonb, ${JSON.stringify(content.edges)}::jsonb, ${JSON.stringify(content.settings)}::jsonb,
      ${createdBy}::uuid
    from flow_versions where flow_id = ${flowId}::uuid
    on conflict (flow_id, hash) do nothing
    returning id, number`.execute(tx);
  return rows[0];
}

/** The graphs of these versions. A version whose flow was deleted is missing. */
export async function readVersions(db: Db, ids: readonly string[]): Promise<{ id: string; nodes: unknown; edges: unknown }[]> {
  return db.selectFrom("flow_versions").select(["id", "nodes", "edges"]).where("id", "in", ids).execute();
}
