import { sql } from "kysely";
import type { ExecutionStatus, WaitingFor } from "#contract/executions.ts";
import type { Db, Tx } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";

export interface HeldWait {
  status: ExecutionStatus;
  visit: number;
  attempt: number;
  waiting_for: WaitingFor | null;
  /** Until when it waits, as the step says; a wait that looks again and again has a wake-up before that. */
  until: Date | null;
  /** Nobody has woken it yet. Once it is due, a worker may have read it. */
  is_asleep: boolean;
  /** A person has ended it, or the wait, already. */
  is_leaving: boolean;
}

/** Locks an execution and reads the wait in which it is. */
export async function lockWait(
  tx: Tx,
  { workspaceId, executionId }: { workspaceId: string; executionId: string },
  clock: Clock,
): Promise<HeldWait | undefined> {
  const { rows } = await sql<HeldWait>`
    with held as materialized (
      select * from flow_executions where workspace_id = ${workspaceId} and id = ${executionId}::uuid for no key update
    )
    select e.status, e.visit, e.attempt, e.waiting_for, coalesce(e.wake_at > ${clock.now}, false) as is_asleep,
      e.cancel_reason is not null or e.skipped_visit is not distinct from e.visit as is_leaving,
      case when e.waiting_for in ('event', 'reply') then s.wake_at else e.wake_at end as until
    from held e
    left join flow_execution_steps s on s.flow_execution_id = e.id and s.visit = e.visit and s.attempt = e.attempt and s.status = 'waiting'`.execute(
    tx,
  );
  return rows[0];
}

/** Ends the wait: the execution is due, and its next pass skips the step. Its row is locked. */
export async function writeSkip(tx: Tx, executionId: string, clock: Clock): Promise<void> {
  await sql`
    with woken as (
      update flow_executions set skipped_visit = visit, wake_at = ${clock.now}, updated_at = now() where id = ${executionId}::uuid returning id
    )
    update wake_ups w set due_at = ${clock.now} from woken where w.flow_execution_id = woken.id`.execute(tx);
}

/**
 * Moves the end of the wait. A wait that looks again and again goes on looking before its new end. The row of the execution is
 * locked.
 */
export async function writeMovedEnd(tx: Tx, executionId: string, at: string, clock: Clock): Promise<void> {
  const end = sql`greatest(${at}::timestamptz, ${clock.now})`;
  await sql`
    with moved as (
      update flow_executions e set moved_visit = visit, updated_at = now(),
        wake_at = case when waiting_for in ('event', 'reply') then least(wake_at, ${end}) else ${end} end
      where id = ${executionId}::uuid returning id, visit, attempt, wake_at
    ), told as (
      update flow_execution_steps s set wake_at = ${end},
        result = case when s.result ? 'until' then jsonb_set(s.result, '{until}', to_jsonb(to_char(${end} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) else s.result end
      from moved where s.flow_execution_id = moved.id and s.visit = moved.visit and s.attempt = moved.attempt and s.status = 'waiting'
    )
    update wake_ups w set due_at = moved.wake_at from moved where w.flow_execution_id = moved.id`.execute(tx);
}

/** Asks for the end of an execution whose row is locked. */
export async function writeTakenOut(tx: Db, executionId: string): Promise<void> {
  await sql`update flow_executions set cancel_reason = 'cancelled' where id = ${executionId}::uuid`.execute(tx);
}
