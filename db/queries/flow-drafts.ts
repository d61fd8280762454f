import { sql } from "kysely";
import type { DiscardedDraft } from "#contract/flow-drafts.ts";
import { discardedDrafts } from "#contract/flow-drafts.ts";
import type { Db, Tx } from "../client.ts";
import type { StoredGraph } from "./flow-rows.ts";

interface OfFlow {
  workspaceId: string;
  flowId: string;
}

/** The content of a flow as it is stored, readable or not. */
export interface StoredContent extends StoredGraph {
  name: string;
  settings: unknown;
}

/** What is edited of a flow: its draft, or what is live where there is none. */
export interface DraftRow extends StoredContent {
  flowId: string;
  isDraft: boolean;
  revision: string;
  live: string;
  /** The mark of what was live when the draft began. */
  beganFrom: string;
  updatedAt: Date | null;
  updatedBy: string | null;
  updatedByName: string | null;
}

/** Until the transaction ends, nobody else saves or publishes the flow. Answers whether there is such a flow. */
export async function lockFlowEditing(tx: Tx, { workspaceId, flowId }: OfFlow): Promise<boolean> {
  const { rows } = await sql`
    select from flows where workspace_id = ${workspaceId} and id = ${flowId}::uuid for no key update`.execute(tx);
  return rows.length > 0;
}

export async function findDraft(db: Db, { workspaceId, flowId }: OfFlow): Promise<DraftRow | undefined> {
  const { rows } = await sql<DraftRow>`
    select f.id as "flowId", d.flow_id is not null as "isDraft", coalesce(d.revision::text, m.mark) as revision, m.mark as live,
      coalesce(d.began_from, m.mark) as "beganFrom", coalesce(d.name, f.name) as name, coalesce(d.nodes, f.nodes) as nodes,
      coalesce(d.edges, f.edges) as edges, coalesce(d.settings, f.settings) as settings,
      d.updated_at as "updatedAt", d.updated_by as "updatedBy", d.updated_by_name as "updatedByName"
    from flows f
    cross join lateral (select private.flow_mark(f.name, f.nodes, f.edges, f.settings) as mark) m
    left join flow_drafts d on d.workspace_id = f.workspace_id and d.flow_id = f.id
    where f.workspace_id = ${workspaceId} and f.id = ${flowId}::uuid`.execute(db);
  return rows[0];
}

/**
 * Writes the draft of a flow that is locked. A draft that has come to equal what is live is no draft any more, so that
 * looking at a flow, or taking back what one did, leaves nothing to publish.
 */
export async function writeDraft(
  tx: Tx,
  { workspaceId, flowId, content, by }: OfFlow & { content: StoredContent; by: { id: string; name: string } },
): Promise<void> {
  const { name, nodes, edges, settings } = content;
  await sql`
    insert into flow_drafts (flow_id, workspace_id, name, nodes, edges, settings, began_from, updated_by, updated_by_name)
    select f.id, f.workspace_id, ${name}, ${JSON.stringify(nodes)}::jsonb, ${JSON.stringify(edges)}::jsonb, ${JSON.stringify(settings)}::jsonb,
      private.flow_mark(f.name, f.nodes, f.edges, f.settings), ${by.id}::uuid, ${by.name}
    from flows f where f.workspace_id = ${workspaceId} and f.id = ${flowId}::uuid
    on conflict (flow_id) do update set name = excluded.name, nodes = excluded.nodes, edges = excluded.edges, settings = excluded.settings,
      revision = private.uuid_v7(), updated_by = excluded.updated_by, updated_by_name = excluded.updated_by_name, updated_at = now()`.execute(
    tx,
  );
  await sql`
    delete from flow_drafts d using flows f
    where d.workspace_id = ${workspaceId} and d.flow_id = ${flowId}::uuid and f.workspace_id = d.workspace_id and f.id = d.flow_id
      and private.flow_mark(d.name, d.nodes, d.edges, d.settings) = private.flow_mark(f.name, f.nodes, f.edges, f.settings)`.execute(tx);
}

/** Moves the draft of a flow to the discarded ones, of which the last few are kept. */
export async function discardDraft(tx: Tx, { workspaceId, flowId, byName }: OfFlow & { byName: string }): Promise<void> {
  await sql`
    with gone as (
      delete from flow_drafts where workspace_id = ${workspaceId} and flow_id = ${flowId}::uuid
      returning workspace_id, flow_id, name, nodes, edges, settings
    )
    insert into flow_discarded_drafts (workspace_id, flow_id, name, nodes, edges, settings, discarded_by_name)
    select *, ${byName} from gone`.execute(tx);
  await sql`
    delete from flow_discarded_drafts where workspace_id = ${workspaceId} and id in (
      select id from flow_discarded_drafts where workspace_id = ${workspaceId} and flow_id = ${flowId}::uuid
      order by discarded_at desc, id desc offset ${discardedDrafts.most})`.execute(tx);
}

export async function listDiscardedDrafts(db: Db, { workspaceId, flowId }: OfFlow): Promise<DiscardedDraft[]> {
  const { rows } = await sql<Omit<DiscardedDraft, "discardedAt"> & { at: Date }>`
    select id, name, case jsonb_typeof(nodes) when 'array' then jsonb_array_length(nodes) else 0 end as "stepCount",
      discarded_at as at, discarded_by_name as "discardedByName"
    from flow_discarded_drafts where workspace_id = ${workspaceId} and flow_id = ${flowId}::uuid
    order by discarded_at desc, id desc limit ${discardedDrafts.most}`.execute(db);
  return rows.map(({ at, ...row }) => ({ ...row, discardedAt: at.toISOString() }));
}

export async function findDiscardedDraft(db: Db, { workspaceId, flowId, id }: OfFlow & { id: string }): Promise<StoredContent | undefined> {
  return db
    .selectFrom("flow_discarded_drafts")
    .select(["name", "nodes", "edges", "settings"])
    .where("workspace_id", "=", workspaceId)
    .where("flow_id", "=", flowId)
    .where("id", "=", id)
    .executeTakeFirst();
}
