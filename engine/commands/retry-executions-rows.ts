import type { RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db, Tx } from "#db/client.ts";
import { textArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import type { RetryWhat } from "../engine-api.ts";

/** The executions that a retry is about. */
export interface Retry extends RetryWhat {
  /** Types of nodes whose work must not be done twice. */
  notTwice: readonly string[];
}

/** Executions that were begun again, by the status that they had. */
export interface Restarted {
  send_id: string;
  failed: number;
  partial: number;
}

/**
 * An execution goes on from the step that failed, as a new visit to the same node: what was recorded stays, and a message
 * that may have left once stays `unknown` beside the new one. An execution that went on behind a failed step and ended
 * as a partial failure is retried only if nothing was done after that step that must not be done twice: no message left,
 * and no node of a type in `notTwice` was passed.
 */
const retryable = (
  notTwice: readonly string[],
) => sql<SqlBool>`e.contact_id is not null and s.state not in ('stopped', 'undone') and (e.status = 'failed' or e.status = 'partial_failure'
  and not exists (select from messages m where m.flow_execution_id = e.id and m.status in ('sent', 'delivered', 'undelivered', 'unknown')
    and m.visit > ${firstFailed})
  and not exists (select from flow_execution_steps p where p.flow_execution_id = e.id and p.status = 'completed' and p.visit > ${firstFailed}
    and p.node_type = any(${textArray(notTwice)}::text[])))`;

const firstFailed = sql`(select min(p.visit) from flow_execution_steps p where p.flow_execution_id = e.id and p.status = 'failed')`;

function chosen({ workspaceId, sendId, executionId, notTwice }: Retry): RawBuilder<SqlBool> {
  const which = executionId === undefined ? sql`e.send_id = ${sendId}::uuid` : sql`e.id = ${executionId}::uuid`;
  return sql<SqlBool>`${which} and e.workspace_id = ${workspaceId} and ${retryable(notTwice)}`;
}

const withReasons = (reasons: readonly Reason[] | undefined) =>
  reasons === undefined ? sql`true` : sql`e.ended_reason = any(${textArray(reasons)}::text[])`;

/** The node where an execution goes on: that of its first failed step, or where it stands when it failed between two. */
const failedStep = sql`
  left join lateral (
    select p.node_id, p.visit from flow_execution_steps p where p.flow_execution_id = e.id and p.status = 'failed'
    order by case when e.status = 'failed' then -p.visit else p.visit end, p.attempt desc limit 1
  ) f on true`;

/** Counts the executions that can be retried by the reason they ended for, whatever reasons are asked for. */
export async function countByReason(db: Db, retry: Retry): Promise<{ reason: Reason; executions: number }[]> {
  const { rows } = await sql<{ reason: Reason; executions: number }>`
    select coalesce(e.ended_reason, 'internal') as reason, count(*)::int as executions
    from flow_executions e join flow_sends s on s.id = e.send_id where ${chosen(retry)} group by 1 order by 2 desc, 1`.execute(db);
  return rows;
}

/** Counts the executions by the channel of the message that failed; null where the failed step sent none. */
export async function countByChannel(db: Db, retry: Retry): Promise<{ channel: Channel | null; executions: number; unknown: number }[]> {
  const { rows } = await sql<{ channel: Channel | null; executions: number; unknown: number }>`
    select m.channel, count(*)::int as executions, count(*) filter (where m.status = 'unknown')::int as unknown
    from flow_executions e join flow_sends s on s.id = e.send_id ${failedStep}
    left join messages m on m.flow_execution_id = e.id and m.visit = f.visit
    where ${chosen(retry)} and ${withReasons(retry.reasons)} group by m.channel order by m.channel`.execute(db);
  return rows;
}

/** Begins executions again, due now. Executions that another transaction holds are passed over. */
export async function restartExecutions(tx: Tx, retry: Retry, clock: Clock): Promise<Restarted[]> {
  const { rows } = await sql<Restarted>`
    with chosen as materialized (
      select e.id, e.status, coalesce(f.node_id, e.current_node_id) as node_id,
        greatest(e.visit, (select coalesce(max(p.visit), 0) from flow_execution_steps p where p.flow_execution_id = e.id)) as visit
      from flow_executions e join flow_sends s on s.id = e.send_id ${failedStep}
      where ${chosen(retry)} and ${withReasons(retry.reasons)}
      for update of e skip locked
    ), begun as (
      update flow_executions e set status = 'running', completed_at = null, execution_time = null, ended_reason = null, error_message = null,
        result = null, cancel_reason = null, current_node_id = c.node_id, visit = c.visit, attempt = 1, wake_at = ${clock.now},
        waiting_for = null, updated_at = now()
      from chosen c where e.id = c.id
      returning e.id, e.send_id, e.workspace_id, e.flow_version_id, e.current_node_id, c.status
    ), woken as (
      insert into wake_ups (flow_execution_id, workspace_id, flow_version_id, due_at, node_id)
      select id, workspace_id, flow_version_id, ${clock.now}, coalesce(current_node_id, '') from begun
      on conflict (flow_execution_id) do update set due_at = excluded.due_at, node_id = excluded.node_id
    )
    select send_id, count(*) filter (where status = 'failed')::int as failed, count(*) filter (where status = 'partial_failure')::int as partial
    from begun group by send_id order by send_id`.execute(tx);
  return rows;
}

/** Takes the endings of restarted executions off their send, which runs again unless it was paused meanwhile. */
export async function uncountEndings(tx: Tx, { send_id, failed, partial }: Restarted): Promise<void> {
  await sql`update flow_sends set failed = failed - ${failed}, partial_failure = partial_failure - ${partial}, ended_at = null,
    state = case when state = 'done' then 'running' else state end where id = ${send_id}::uuid`.execute(tx);
}
