import type { RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import type { ExecutionStatus } from "#contract/executions.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Tx } from "#db/client.ts";
import { textArray, uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";

/** An ending that is not reached by walking: a person, a deleted contact or broken data ends the execution where it stands. */
export interface ForcedEnding {
  status: Extract<ExecutionStatus, "cancelled" | "failed">;
  reason: Reason;
  errorMessage?: string;
  /** `idle`: executions with a message or a call in flight are passed over. `all`: they are ended too. */
  scope: "idle" | "all";
}

export interface EndedRow {
  id: string;
  send_id: string;
  workspace_id: string;
  parent_waits: boolean;
  reached: boolean;
  missed: string[] | null;
}

/** The column is an integer, as the founding document has it: 24.8 days in milliseconds. */
const longestTimeMs = 2_147_483_647;

/**
 * How long an execution took, in whole milliseconds; null where it never started. The two times may come from different
 * looks at the clock, so the difference can be slightly below zero and is cut off there. A longer time than the column
 * holds is stored as the longest; without that, an execution that waited for a month could never end. The exact times
 * stand in `started_at` and `completed_at`.
 */
export const executionTime = (startedAt: RawBuilder<unknown>, endedAt: RawBuilder<unknown>) =>
  sql`case when ${startedAt} is not null then
    least(${longestTimeMs}::bigint, greatest(0, round(extract(epoch from ${endedAt} - ${startedAt}) * 1000))) end`;

/**
 * A condition on `messages m` and `flow_executions e`: the message is under way, or what became of it is not in the history yet. One that
 * is `queued` where its execution waits has not left. `hasMessageFrom` of walk.ts asks the same of what was read.
 */
export const isUnrecorded = sql<SqlBool>`(m.visit > e.visit or m.status = 'sending'
  or m.visit = e.visit and e.waiting_for is not null and m.status <> 'queued')`;

/** A condition on `wake_ups w`: its call is being made, or was answered and the answer is not in the history yet. */
export const isCallUnrecorded = (clock: Clock) => sql<SqlBool>`(w.call_lease > ${clock.now} or w.call ? 'answer')`;

/** A condition on `flow_executions e`: no message or call of it is on its way. */
export const nothingInFlight = (clock: Clock) => sql`
  not exists (select from messages m where m.flow_execution_id = e.id and ${isUnrecorded})
  and (e.waiting_for is distinct from 'call' or not exists (
    select from wake_ups w where w.flow_execution_id = e.id and ${isCallUnrecorded(clock)}))`;

/** Ends the active executions of `which` (a condition on `flow_executions e`) and returns those it ended. */
export async function endRows(
  tx: Tx,
  which: RawBuilder<SqlBool>,
  { status, reason, errorMessage, scope }: ForcedEnding,
  clock: Clock,
): Promise<EndedRow[]> {
  // A failure is something that happened to the execution, so one that had not started counts as started now.
  const startedAt = status === "failed" ? sql`coalesce(e.started_at, ${clock.now})` : sql`e.started_at`;
  const { rows } = await sql<EndedRow>`
    update flow_executions e set status = ${status}, ended_reason = ${reason}, wake_at = null, waiting_for = null,
      error_message = coalesce(${errorMessage ?? null}, e.error_message), started_at = ${startedAt}, completed_at = ${clock.now},
      execution_time = ${executionTime(startedAt, clock.now)}, updated_at = now()
    where ${which} and e.status in ('pending', 'running') ${scope === "idle" ? sql`and ${nothingInFlight(clock)}` : sql``}
    returning e.id, e.send_id, e.workspace_id, e.parent_waits, e.reached, e.missed`.execute(tx);
  return rows;
}

/** A step that was still open when its execution was ended. */
export interface ClosedStep {
  flow_execution_id: string;
  node_type: string;
}

/**
 * Closes what must not stay open behind executions that were ended: wake-ups, waits, and steps that are waiting.
 *
 * @returns the steps that were closed
 */
export async function closeOpenRows(
  tx: Tx,
  ids: readonly string[],
  { status, reason }: Pick<ForcedEnding, "status" | "reason">,
  clock: Clock,
): Promise<ClosedStep[]> {
  const list = uuidArray(ids);
  const { rows } = await sql<ClosedStep>`
    with woken as (
      delete from wake_ups where flow_execution_id = any(${list}::uuid[])
    ), unwatched as (
      delete from waits where flow_execution_id = any(${list}::uuid[])
    )
    update flow_execution_steps s set status = ${closedAs(status)}, reason = ${reason},
      completed_at = greatest(${clock.now}, s.started_at)
    where s.flow_execution_id = any(${list}::uuid[]) and s.status in ('waiting', 'running')
    returning s.flow_execution_id, s.node_type`.execute(tx);
  return rows;
}

export const closedAs = (status: ForcedEnding["status"]) => (status === "failed" ? "failed" : "skipped");

/** Writes which messages did not leave, of executions that were ended where they waited to send them. */
export async function writeMissed(tx: Tx, all: readonly { id: string; missed: readonly string[] }[]): Promise<void> {
  if (all.length === 0) return;
  await sql`update flow_executions e set missed = string_to_array(i.missed, ',')
    from unnest(${uuidArray(all.map(({ id }) => id))}::uuid[], ${textArray(all.map(({ missed }) => missed.join(",")))}::text[]) as i (id, missed)
    where e.id = i.id`.execute(tx);
}
