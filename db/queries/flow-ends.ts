import { sql } from "kysely";
import { type BinnedFlow, flowBinDays } from "#contract/flow-ends.ts";
import type { Db, Tx } from "../client.ts";

interface OfFlow {
  workspaceId: string;
  id: string;
}

/** How many contacts are in a flow, or are chosen and have not entered yet. */
export async function countInside(db: Db, { workspaceId, id }: OfFlow): Promise<number> {
  const { rows } = await sql<{ people: number }>`
    select coalesce(sum(greatest(expected - not_enrolled, enrolled) - completed - failed - partial_failure - cancelled), 0)::int as people
    from flow_sends where workspace_id = ${workspaceId} and flow_id = ${id}::uuid and ended_at is null`.execute(db);
  return rows[0]?.people ?? 0;
}

/** A flow as it is live, or its draft. */
export interface LiveOrDraft {
  id: string;
  name: string;
  isDraft: boolean;
}

const liveAndDrafts = (workspaceId: string) => sql`(
  select id, name, nodes, false as "isDraft", archived_at from flows where workspace_id = ${workspaceId}
  union all
  select f.id, f.name, d.nodes, true, f.archived_at from flow_drafts d
  join flows f on f.workspace_id = d.workspace_id and f.id = d.flow_id where d.workspace_id = ${workspaceId}) graphs`;

/** Flows, live and drafts, whose nodes mention an id, whatever it means there. */
export async function listGraphsMentioning(db: Db, { workspaceId, id }: OfFlow): Promise<LiveOrDraft[]> {
  const { rows } = await sql<LiveOrDraft>`
    select id, name, "isDraft" from ${liveAndDrafts(workspaceId)}
    where archived_at is null and nodes::text ilike ${`%${id}%`}
    order by lower(name), id, "isDraft"`.execute(db);
  return rows;
}

/** The nodes of these, in their order. */
export async function readNodes(
  db: Db,
  { workspaceId, of }: { workspaceId: string; of: readonly LiveOrDraft[] },
): Promise<(LiveOrDraft & { nodes: unknown })[]> {
  const { rows } = await sql<{ id: string; isDraft: boolean; nodes: unknown }>`
    select id, "isDraft", nodes from ${liveAndDrafts(workspaceId)} where id = any(${of.map(({ id }) => id)}::uuid[])`.execute(db);
  const nodesOf = new Map(rows.map((row) => [`${row.id} ${row.isDraft}`, row.nodes]));
  return of.map((one) => ({ ...one, nodes: nodesOf.get(`${one.id} ${one.isDraft}`) }));
}

/** Those of these flows that are archived. */
export async function listArchivedFlows(
  db: Db,
  { workspaceId, ids }: { workspaceId: string; ids: readonly string[] },
): Promise<{ id: string; name: string }[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom("flows")
    .select(["id", "name"])
    .where("workspace_id", "=", workspaceId)
    .where("id", "in", ids)
    .where("archived_at", "is not", null)
    .execute();
}

/** Answers whether there is such a flow. */
export async function unarchive(db: Db, { workspaceId, id }: OfFlow): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("flows")
    .set({ archived_at: null, archived_by_name: null })
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

const countSteps = (nodes: string) => {
  const list = sql.raw(nodes);
  return sql<number>`case jsonb_typeof(${list}) when 'array' then jsonb_array_length(${list}) else 0 end`;
};

const isRestorable = sql<boolean>`deleted_at > now() - make_interval(days => ${flowBinDays})`;

/** Deleted flows that can be restored, the last deleted first. */
export async function listFlowBin(db: Db, { workspaceId }: { workspaceId: string }): Promise<BinnedFlow[]> {
  const { rows } = await sql<Omit<BinnedFlow, "deletedAt" | "restorableUntil"> & { at: Date }>`
    select b.id, b.name, ${countSteps("coalesce(d.nodes, b.nodes)")} as "stepCount", b.deleted_at as at, b.deleted_by_name as "deletedByName"
    from private.member_flow_bin b left join flow_drafts d on d.workspace_id = b.workspace_id and d.flow_id = b.id
    where b.workspace_id = ${workspaceId} and ${isRestorable}
    order by b.deleted_at desc, b.id desc limit 500`.execute(db);
  return rows.map(({ at, ...row }) => ({
    ...row,
    deletedAt: at.toISOString(),
    restorableUntil: new Date(at.getTime() + flowBinDays * 86_400_000).toISOString(),
  }));
}

/** The name under which a flow lies in the bin, locked; undefined where it does not. */
export async function lockBinned(tx: Tx, { workspaceId, id }: OfFlow): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`
    select name from private.editor_flows
    where workspace_id = ${workspaceId} and id = ${id}::uuid and ${isRestorable} for no key update`.execute(tx);
  return rows[0]?.name;
}

export async function takeOutOfBin(tx: Tx, { workspaceId, id, name }: OfFlow & { name: string }): Promise<void> {
  await sql`
    update private.editor_flows set deleted_at = null, deleted_by = null, deleted_by_name = null, name = ${name}
    where workspace_id = ${workspaceId} and id = ${id}::uuid`.execute(tx);
}

/**
 * Ends the days of flows in the bin: what was never sent goes, of the others goes what was edited and not published. Runs as
 * the owner.
 */
export async function emptyFlowBin(db: Db): Promise<void> {
  const isDue = sql`f.deleted_at < now() - make_interval(days => ${flowBinDays})`;
  for (const table of ["flow_drafts", "flow_discarded_drafts"]) {
    await sql`delete from ${sql.table(table)} d using flows f where f.workspace_id = d.workspace_id and f.id = d.flow_id and ${isDue}`.execute(
      db,
    );
  }
  await sql`
    delete from flows f where ${isDue}
      and not exists (select from flow_sends s where s.workspace_id = f.workspace_id and s.flow_id = f.id)`.execute(db);
}
