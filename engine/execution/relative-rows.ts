import { sql } from "kysely";
import type { ExecutionStatus } from "#contract/executions.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db, Tx } from "#db/client.ts";
import { uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";

export interface ChildRow {
  parent_id: string;
  id: string;
  status: ExecutionStatus;
  ended_reason: Reason | null;
}

/** The children of these executions: those that each of them started at the visit at which it is now. */
export async function readChildren(db: Db, parentIds: readonly string[]): Promise<ChildRow[]> {
  const { rows } = await sql<ChildRow>`
    select p.id as parent_id, c.id, c.status, c.ended_reason
    from flow_executions p join flow_executions c on c.parent_execution_id = p.id and c.parent_visit = p.visit
    where p.id = any(${uuidArray(parentIds)}::uuid[])`.execute(db);
  return rows;
}

/**
 * Makes the parents due that wait for these executions, which have ended in this transaction. The parents are locked in
 * one order. Returns whether there were any.
 */
export async function wakeParents(tx: Tx, childIds: readonly string[], clock: Clock): Promise<boolean> {
  const { rows } = await sql`
    with parents as materialized (
      select p.id from flow_executions c join flow_executions p on p.id = c.parent_execution_id
      where c.id = any(${uuidArray(childIds)}::uuid[]) and c.parent_waits and p.visit = c.parent_visit and p.status = 'running'
        and p.waiting_for = 'child'
      order by p.id for no key update of p
    ), woken as (
      update flow_executions p set wake_at = least(p.wake_at, ${clock.now}) from parents where p.id = parents.id
    )
    update wake_ups w set due_at = ${clock.now}, turn_id = null from parents where w.flow_execution_id = parents.id
    returning 1`.execute(tx);
  return rows.length > 0;
}

/**
 * The active children for which these executions, which have ended, were waiting. Those of a stopped send are left out,
 * because the end of that send ends them anyway.
 */
export async function listWaitedFor(tx: Tx, parentIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select c.id from flow_executions c join flow_sends s on s.id = c.send_id
    where c.parent_execution_id = any(${uuidArray(parentIds)}::uuid[]) and c.parent_waits and c.status in ('pending', 'running')
      and s.state not in ('stopped', 'undone')`.execute(tx);
  return rows.map(({ id }) => id);
}
