import { sql } from "kysely";
import type { Tx } from "#db/client.ts";
import { isGoing } from "#db/queries/send-going.ts";
import type { Clock } from "../base/clock.ts";
import type { Actor } from "../send-api.ts";

interface OfFlow {
  workspaceId: string;
  flowId: string;
}

export interface EndOfFlow {
  isArchived: boolean;
  wasSent: boolean;
  /** Contacts who are in the flow, or who are chosen and have not entered yet. */
  people: number;
}

/**
 * Locks a flow against whoever is about to let contacts in, and waits for those who are letting them in now. So what is read
 * after this is all there is.
 */
export async function lockFlowAgainstEntries(tx: Tx, { workspaceId, flowId }: OfFlow): Promise<boolean> {
  const { rows } = await sql`
    select from flows where workspace_id = ${workspaceId} and id = ${flowId}::uuid and deleted_at is null for update`.execute(tx);
  return rows.length > 0;
}

export async function markArchived(tx: Tx, { workspaceId, flowId, actor }: OfFlow & { actor: Actor }, clock: Clock): Promise<void> {
  await sql`
    update flows set archived_at = ${clock.now}, archived_by_name = ${actor.name}
    where workspace_id = ${workspaceId} and id = ${flowId}::uuid and archived_at is null`.execute(tx);
}

export async function moveFlowToBin(tx: Tx, { workspaceId, flowId, actor }: OfFlow & { actor: Actor }, clock: Clock): Promise<void> {
  await sql`
    update flows set deleted_at = ${clock.now}, deleted_by = ${actor.id}::uuid, deleted_by_name = ${actor.name}
    where workspace_id = ${workspaceId} and id = ${flowId}::uuid`.execute(tx);
}

export async function readEnd(tx: Tx, { workspaceId, flowId }: OfFlow): Promise<EndOfFlow> {
  const { rows } = await sql<EndOfFlow>`
    select f.archived_at is not null as "isArchived", s.sends > 0 as "wasSent", s.people
    from flows f
    cross join lateral (
      select count(*) as sends,
        coalesce(sum(case when ${isGoing()} or state in ('paused', 'awaiting_approval') or ended_at is null
          then greatest(expected - not_enrolled, enrolled) - completed - failed - partial_failure - cancelled end), 0)::int as people
      from flow_sends where workspace_id = f.workspace_id and flow_id = f.id) s
    where f.workspace_id = ${workspaceId} and f.id = ${flowId}::uuid`.execute(tx);
  return rows[0] ?? { isArchived: false, wasSent: false, people: 0 };
}

/** Sends of a flow that are not over. `of` says how many there are. */
export async function listOpenSends(
  tx: Tx,
  { workspaceId, flowId, limit }: OfFlow & { limit: number },
): Promise<{ ids: string[]; of: number }> {
  const { rows } = await sql<{ id: string; of: number }>`
    select id, count(*) over ()::int as of from flow_sends
    where workspace_id = ${workspaceId} and flow_id = ${flowId}::uuid and (${isGoing()} or state in ('paused', 'awaiting_approval'))
    order by created_at, id limit ${limit}`.execute(tx);
  return { ids: rows.map(({ id }) => id), of: rows[0]?.of ?? 0 };
}
