import type { RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { RetryPreview } from "#contract/sends.ts";
import { textArray } from "../base/array.ts";
import { breakPoint } from "../base/break-point.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { RetryWhat } from "../engine-api.ts";
import type { EngineContext } from "../engine-context.ts";
import type { NodeRegistry } from "../flow/node-registry.ts";
import { turnJobs } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";

/**
 * Trying again goes on from the step that failed, as a new visit to the same node: what was recorded stays, and a message
 * that may have left once stays `unknown` beside the new one. An execution that went on behind a failed step and ended
 * as a partial failure is retried only if nothing was done after that step that must not be done twice: no message left,
 * and no node was passed that says so of itself.
 */
const retryable = (
  nodes: NodeRegistry,
) => sql<SqlBool>`e.contact_id is not null and s.state not in ('stopped', 'undone') and (e.status = 'failed' or e.status = 'partial_failure'
  and not exists (select from messages m where m.flow_execution_id = e.id and m.status in ('sent', 'delivered', 'undelivered', 'unknown')
    and m.visit > ${firstFailed})
  and not exists (select from flow_execution_steps p where p.flow_execution_id = e.id and p.status = 'completed' and p.visit > ${firstFailed}
    and p.node_type = any(${textArray(notTwice(nodes))}::text[])))`;

const firstFailed = sql`(select min(p.visit) from flow_execution_steps p where p.flow_execution_id = e.id and p.status = 'failed')`;
const notTwice = ({ definitions }: NodeRegistry) => Object.values(definitions).flatMap(({ type, notTwice }) => (notTwice ? type : []));

function chosen(nodes: NodeRegistry, { workspaceId, sendId, executionId }: RetryWhat): RawBuilder<SqlBool> {
  const which = executionId === undefined ? sql`e.send_id = ${sendId}::uuid` : sql`e.id = ${executionId}::uuid`;
  return sql<SqlBool>`${which} and e.workspace_id = ${workspaceId} and ${retryable(nodes)}`;
}

const withReasons = (reasons: readonly Reason[] | undefined) =>
  reasons === undefined ? sql`true` : sql`e.ended_reason = any(${textArray(reasons)}::text[])`;

/** The node where an execution goes on: that of its first failed step, or where it stands when it failed between two. */
const failedStep = sql`
  left join lateral (
    select p.node_id, p.visit from flow_execution_steps p where p.flow_execution_id = e.id and p.status = 'failed'
    order by case when e.status = 'failed' then -p.visit else p.visit end, p.attempt desc limit 1
  ) f on true`;

/** Counts what a retry would do. */
export async function previewRetry({ db, nodes }: EngineContext, what: RetryWhat): Promise<RetryPreview> {
  const byReason = await sql<{ reason: Reason; executions: number }>`
    select coalesce(e.ended_reason, 'internal') as reason, count(*)::int as executions
    from flow_executions e join flow_sends s on s.id = e.send_id where ${chosen(nodes, what)} group by 1 order by 2 desc, 1`.execute(db);
  const messages = await sql<{ channel: Channel | null; executions: number; unknown: number }>`
    select m.channel, count(*)::int as executions, count(*) filter (where m.status = 'unknown')::int as unknown
    from flow_executions e join flow_sends s on s.id = e.send_id ${failedStep}
    left join messages m on m.flow_execution_id = e.id and m.visit = f.visit
    where ${chosen(nodes, what)} and ${withReasons(what.reasons)} group by m.channel order by m.channel`.execute(db);
  return {
    executions: messages.rows.reduce((sum, { executions }) => sum + executions, 0),
    byReason: byReason.rows,
    messages: messages.rows.flatMap(({ channel, executions }) => (channel === null ? [] : [{ channel, executions }])),
    mayHaveArrived: messages.rows.reduce((sum, { unknown }) => sum + unknown, 0),
  };
}

export async function retry(context: EngineContext, what: RetryWhat): Promise<{ retried: number }> {
  const { clock, nodes } = context;
  const retried = await transactThenRing(context, async (tx, ring) => {
    const { rows } = await sql<{ send_id: string; failed: number; partial: number }>`
      with chosen as materialized (
        select e.id, e.status, coalesce(f.node_id, e.current_node_id) as node_id,
          greatest(e.visit, (select coalesce(max(p.visit), 0) from flow_execution_steps p where p.flow_execution_id = e.id)) as visit
        from flow_executions e join flow_sends s on s.id = e.send_id ${failedStep}
        where ${chosen(nodes, what)} and ${withReasons(what.reasons)}
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
    for (const { send_id, failed, partial } of rows) {
      // The send runs again unless it was paused meanwhile. A stopped send is not among them.
      await sql`update flow_sends set failed = failed - ${failed}, partial_failure = partial_failure - ${partial}, ended_at = null,
        state = case when state = 'done' then 'running' else state end where id = ${send_id}::uuid`.execute(tx);
    }
    const count = rows.reduce((sum, { failed, partial }) => sum + failed + partial, 0);
    if (count > 0) ring([...turnJobs(what.workspaceId, { quick: true }), ...turnJobs(what.workspaceId, { quick: false, turns: 2 })]);
    return count;
  });
  if (retried === 0)
    throw new EngineRefusal("nothing_to_retry", "Nothing here can be tried again: it did not fail, or its contact was deleted.");
  await breakPoint("retried");
  return { retried };
}
