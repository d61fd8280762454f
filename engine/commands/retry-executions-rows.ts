import type { RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import { namesThatStay } from "#channels/stays-here.ts";
import { capturedMessages } from "#contract/executions.ts";
import type { Channel } from "#contract/messages.ts";
import { channels } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db, Tx } from "#db/client.ts";
import { isNotBinned } from "#db/queries/contact-rows.ts";
import { textArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import type { RetryWhat } from "../engine-api.ts";
import { goesOneByOne } from "../execution/one-by-one-rows.ts";
import { addressSql, refusalSql } from "../messages/recipient-check-rows.ts";

/** The executions that a retry is about. */
export interface Retry extends RetryWhat {
  /** Types of nodes whose work must not be done twice. */
  notTwice: readonly string[];
  /** The channel of each type of node that sends. */
  channelsByType: Readonly<Record<string, Channel>>;
}

/** Executions that were begun again, by the status that they had. */
export interface Restarted {
  send_id: string;
  failed: number;
  partial: number;
  /** The executions of which no message had left, and test mode was not why. */
  unreached: number;
  /** The executions that had messages kept here only, and now have none. */
  captured: number;
  /** Their messages that did not leave and are no part of the totals any more. */
  missed: { channel: Channel; outcome: string; reason: string; count: number }[] | null;
}

/**
 * An execution goes on from the step that failed, as a new visit to the same node: what was recorded stays, and a message
 * that may have left once stays `unknown` beside the new one. An execution that went on behind a failed step and ended
 * as a partial failure is retried only if nothing was done after that step that must not be done twice: no message left,
 * and no node of a type in `notTwice` was passed.
 */
const retryable = (
  notTwice: readonly string[],
) => sql<SqlBool>`exists (select from contacts c where c.workspace_id = e.workspace_id and c.id = e.contact_id and ${isNotBinned("c")})
  and s.state not in ('stopped', 'undone') and (e.status = 'failed' or e.status = 'partial_failure'
  and not exists (select from messages m where m.flow_execution_id = e.id and m.status in ('sent', 'delivered', 'undelivered', 'unknown')
    and m.visit > ${firstFailed})
  and not exists (select from flow_execution_steps p where p.flow_execution_id = e.id and p.status = 'completed' and p.visit > ${firstFailed}
    and p.node_type = any(${textArray(notTwice)}::text[])))`;

/** If a visit was tried several times, its last attempt holds the outcome. */
const isLastTry = sql`not exists (select from flow_execution_steps l
  where l.flow_execution_id = p.flow_execution_id and l.visit = p.visit and l.attempt > p.attempt)`;
/** A step that failed, and that no retry did anew. */
const hasFailed = sql`p.status = 'failed' and not p.is_retried and ${isLastTry}`;
const firstFailed = sql`(select min(p.visit) from flow_execution_steps p where p.flow_execution_id = e.id and ${hasFailed})`;

function chosen({ workspaceId, sendId, executionId, notTwice }: Retry): RawBuilder<SqlBool> {
  const which = executionId === undefined ? sql`e.send_id = ${sendId}::uuid` : sql`e.id = ${executionId}::uuid`;
  return sql<SqlBool>`${which} and e.workspace_id = ${workspaceId} and ${retryable(notTwice)}`;
}

const withReasons = (reasons: readonly Reason[] | undefined) =>
  reasons === undefined ? sql`true` : sql`e.ended_reason = any(${textArray(reasons)}::text[])`;

/** The node where an execution goes on: that of its first failed step, or where it stands when it failed between two. */
const failedStep = sql`
  left join lateral (
    select p.node_id, p.visit from flow_execution_steps p where p.flow_execution_id = e.id and ${hasFailed}
    order by case when e.status = 'failed' then -p.visit else p.visit end, p.attempt desc limit 1
  ) f on true`;

/** Counts the executions that can be retried by the reason they ended for, whatever reasons are asked for. */
export async function countByReason(db: Db, retry: Retry): Promise<{ reason: Reason; executions: number }[]> {
  const { rows } = await sql<{ reason: Reason; executions: number }>`
    select coalesce(e.ended_reason, 'internal') as reason, count(*)::int as executions
    from flow_executions e join flow_sends s on s.id = e.send_id where ${chosen(retry)} group by 1 order by 2 desc, 1`.execute(db);
  return rows;
}

export interface RetriedMessages {
  /** Null where the failed step sent no message. */
  channel: Channel | null;
  /** Why the message will be skipped; null where it will be sent. A person's own words where they stand on the suppression list. */
  refusal: string | null;
  executions: number;
  unknown: number;
}

/** Counts the executions by the channel of the message that failed, and by what the check of its recipient says now. */
export async function countByChannel(db: Db, retry: Retry): Promise<RetriedMessages[]> {
  const refusal = (channel: Channel) => sql`coalesce(${refusalSql[channel]}, case when exists (
    select from messages t where t.address_scope = s.address_scope and t.channel = ${channel}
      and lower(t.to_address) = ${addressSql[channel]} and t.contact_id is distinct from e.contact_id) then 'duplicate_address' end)`;
  const refusals = sql.join(
    channels.map((channel) => sql`when ${channel} then ${refusal(channel)}`),
    sql` `,
  );
  const { rows } = await sql<RetriedMessages>`
    select channel, refusal, count(*)::int as executions, count(*) filter (where is_unknown)::int as unknown
    from (
      select m.channel, m.status = 'unknown' as is_unknown, case m.channel ${refusals} end as refusal
      from flow_executions e join flow_sends s on s.id = e.send_id
      join contacts c on c.workspace_id = e.workspace_id and c.id = e.contact_id ${failedStep}
      left join messages m on m.flow_execution_id = e.id and m.visit = f.visit
      where ${chosen(retry)} and ${withReasons(retry.reasons)}) failed
    group by channel, refusal order by channel, executions desc, refusal`.execute(db);
  return rows;
}

/** Begins executions again, due now. Executions that another transaction holds are passed over. */
export async function restartExecutions(tx: Tx, retry: Retry, clock: Clock): Promise<Restarted[]> {
  const channel = sql`${JSON.stringify(retry.channelsByType)}::jsonb ->> p.node_type`;
  /** Its message was accepted, and kept on this machine. */
  const isKeptHere = sql`(p.status = 'completed' and ${channel} is not null
    and coalesce(p.result ->> 'provider' = any(${textArray(namesThatStay)}::text[]), false))`;
  const reasonOf = sql`case when ${isKeptHere} then 'test_mode' else p.reason end`;
  const isCaptured = sql`(not e.reached and e.missed && ${textArray(capturedMessages)}::text[])`;
  const { rows } = await sql<Restarted>`
    with chosen as materialized (
      select e.id, e.status, coalesce(f.node_id, e.current_node_id) as node_id, f.visit as failed_visit, v.visit,
        coalesce(f.visit, v.visit + 1) as from_visit, e.missed is not null and not e.reached as was_missed,
        coalesce(${isCaptured}, false) as was_captured
      from flow_executions e join flow_sends s on s.id = e.send_id ${failedStep}
      cross join lateral (
        select greatest(e.visit, max(p.visit)) as visit from flow_execution_steps p where p.flow_execution_id = e.id) v
      -- A deletion that is under way is waited for.
      cross join lateral (select from contacts c
        where c.workspace_id = e.workspace_id and c.id = e.contact_id and ${isNotBinned("c")} for key share offset 0) c
      where ${chosen(retry)} and ${withReasons(retry.reasons)}
      for update of e skip locked
    ), kept as materialized (
      select p.flow_execution_id, p.visit, p.status, ${reasonOf} as reason, p.error_message, ${channel} as channel
      from chosen c join flow_execution_steps p on p.flow_execution_id = c.id and p.visit < c.from_visit
      where not p.is_retried and (p.status in ('skipped', 'failed') or ${isKeptHere}) and ${isLastTry}
    ), begun as (
      update flow_executions e set status = 'running', completed_at = null, execution_time = null, result = null, cancel_reason = null,
        -- A step that failed before the one that is tried again still makes the end a partial failure.
        (ended_reason, error_message) = (select k.reason, k.error_message from kept k
          where k.flow_execution_id = e.id and k.status = 'failed' order by k.visit limit 1),
        missed = (select array_agg(distinct k.channel || ':' || coalesce(k.reason, 'internal')) from kept k
          where k.flow_execution_id = e.id and k.channel is not null),
        retried_visit = case when c.failed_visit is not null then c.visit + 1 end,
        current_node_id = c.node_id, visit = c.visit, attempt = 1,
        -- It was moved to another version behind the step that is tried again, and goes back to the one in which that step is.
        flow_version_id = coalesce((select m.from_version_id from flow_execution_moves m join flow_publications p on p.id = m.publication_id
          where m.flow_execution_id = e.id and m.visit >= c.failed_visit order by p.seq limit 1), e.flow_version_id),
        -- What was published since it ended concerned those who were inside.
        seen_publication = (select max(p.seq) from flow_publications p where p.workspace_id = e.workspace_id and p.flow_id = e.flow_id), wake_at = ${clock.now}, waiting_for = null, updated_at = now()
      from chosen c where e.id = c.id
      returning e.id, e.send_id, e.workspace_id, e.flow_version_id, e.current_node_id, c.status, c.from_visit,
        c.was_missed and not c.was_captured as was_unreached,
        c.was_captured and not coalesce(${isCaptured}, false) as was_captured
    ), done_anew as (
      update flow_execution_steps p set is_retried = true from begun
      where p.flow_execution_id = begun.id and p.visit >= begun.from_visit and not p.is_retried
      returning begun.send_id, ${channel} as channel, case when ${isKeptHere} then 'captured' else p.status end as outcome,
        coalesce(${reasonOf}, 'internal') as reason, ${isLastTry} as is_last
    ), woken as (
      insert into wake_ups (flow_execution_id, workspace_id, flow_version_id, due_at, node_id, one_by_one)
      select begun.id, begun.workspace_id, begun.flow_version_id, ${clock.now}, coalesce(begun.current_node_id, ''), ${goesOneByOne}
      from begun join flow_sends s on s.id = begun.send_id
      on conflict (flow_execution_id) do update set due_at = excluded.due_at, node_id = excluded.node_id
    )
    select send_id, count(*) filter (where status = 'failed')::int as failed,
      count(*) filter (where status = 'partial_failure')::int as partial, count(*) filter (where was_unreached)::int as unreached,
      count(*) filter (where was_captured)::int as captured,
      (select json_agg(o) from (
        select d.channel, d.outcome, d.reason, count(*)::int as count from done_anew d
        where d.send_id = begun.send_id and d.channel is not null and d.is_last and d.outcome in ('skipped', 'failed', 'captured')
        group by 1, 2, 3) o) as missed
    from begun group by send_id order by send_id`.execute(tx);
  return rows;
}

/** Takes what restarted executions have added off the counters of their send, which runs again unless it was paused meanwhile. */
export async function uncount(tx: Tx, { send_id, failed, partial, unreached, captured, missed }: Restarted): Promise<void> {
  await sql`update flow_sends set failed = failed - ${failed}, partial_failure = partial_failure - ${partial},
    unreached = unreached - ${unreached}, captured = captured - ${captured}, ended_at = null,
    state = case when state = 'done' then 'running' else state end where id = ${send_id}::uuid`.execute(tx);
  if (!missed) return;
  await sql`update send_message_counts c set count = c.count - i.count
    from json_to_recordset(${JSON.stringify(missed)}::json) as i (channel text, outcome text, reason text, count int)
    where c.send_id = ${send_id}::uuid and c.channel = i.channel and c.outcome = i.outcome and c.reason = i.reason`.execute(tx);
}
