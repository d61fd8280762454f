import { sql } from "kysely";
import type { Db, Tx } from "#db/client.ts";
import { uuidArray } from "../base/array.ts";

/** Locks these contacts in one order, so that two executions that end each other do it one after the other. */
export async function lockContactsForUpdate(tx: Tx, workspaceId: string, ids: readonly string[]): Promise<void> {
  await sql`select from contacts where workspace_id = ${workspaceId} and id = any(${uuidArray(ids)}::uuid[]) order by id for no key update`.execute(
    tx,
  );
}

/**
 * The other active executions of the same contacts, with the execution that wants them ended (the leaver); of all flows
 * or of `flowIds`. An execution that waits for the leaver, however far above, and one of a test send are left out.
 */
const others = (leaverIds: readonly string[], workspaceId: string, flowIds: readonly string[] | null) => sql`
  with recursive above as (
    select id as leaver_id, id, parent_execution_id, parent_waits from flow_executions where id = any(${uuidArray(leaverIds)}::uuid[])
    union all
    select a.leaver_id, p.id, p.parent_execution_id, p.parent_waits from above a join flow_executions p on p.id = a.parent_execution_id
    where a.parent_waits
  ), chosen as (
    select l.id as leaver_id, e.id
    from flow_executions l
    join flow_executions e on e.contact_id = l.contact_id and e.workspace_id = ${workspaceId}
    join flow_sends s on s.id = e.send_id
    where l.id = any(${uuidArray(leaverIds)}::uuid[]) and e.status in ('pending', 'running') and e.cancel_reason is null and not s.is_test
      and not exists (select from above a where a.leaver_id = l.id and a.id = e.id)
      ${flowIds === null ? sql`` : sql`and e.flow_id = any(${uuidArray(flowIds)}::uuid[])`}
  )`;

/** Writes that the other executions are to end, and returns them with the execution that wants it. */
export async function requestCancelOfOthers(
  tx: Tx,
  { leaverIds, workspaceId, flowIds }: { leaverIds: readonly string[]; workspaceId: string; flowIds: readonly string[] | null },
): Promise<{ leaver_id: string; id: string }[]> {
  const { rows } = await sql<{ leaver_id: string; id: string }>`
    ${others(leaverIds, workspaceId, flowIds)}, held as materialized (
      select e.id from flow_executions e where e.id in (select id from chosen) order by e.id for no key update
    ), wished as (
      update flow_executions e set cancel_reason = 'left_flows' from held
      where e.id = held.id and e.status in ('pending', 'running') and e.cancel_reason is null
      returning e.id
    )
    select chosen.leaver_id, chosen.id from chosen join wished on wished.id = chosen.id`.execute(tx);
  return rows;
}

/** Lists the executions that requestCancelOfOthers would end. Writes and locks nothing. */
export async function listOthers(
  db: Db,
  { leaverIds, workspaceId, flowIds }: { leaverIds: readonly string[]; workspaceId: string; flowIds: readonly string[] | null },
): Promise<{ leaver_id: string; id: string }[]> {
  const { rows } = await sql<{ leaver_id: string; id: string }>`
    ${others(leaverIds, workspaceId, flowIds)} select leaver_id, id from chosen`.execute(db);
  return rows;
}
