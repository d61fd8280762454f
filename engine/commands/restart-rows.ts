import type { RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import { namesThatStay } from "#channels/stays-here.ts";
import { capturedMessages } from "#contract/executions.ts";
import type { Channel } from "#contract/messages.ts";
import type { Tx } from "#db/client.ts";
import { textArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import { goesOneByOne } from "../execution/one-by-one-rows.ts";

/** Executions that were begun again, by the status that they had. */
export interface Restarted {
  send_id: string;
  /** The place in the send of the last of them. */
  last_seq: number;
  completed: number;
  failed: number;
  partial: number;
  /** The executions of which no message had left, and test mode was not why. */
  unreached: number;
  completed_unreached: number;
  /** The executions that had messages kept here only, and now have none. */
  captured: number;
  completed_captured: number;
  /** Their messages that did not leave and are no part of the totals any more. */
  missed: { channel: Channel; outcome: string; reason: string; count: number }[] | null;
}

const isCaptured = sql`(not e.reached and e.missed && ${textArray(capturedMessages)}::text[])`;

/** If a visit was tried several times, its last attempt holds the outcome. */
export const isLastTry = sql`not exists (select from flow_execution_steps l
  where l.flow_execution_id = p.flow_execution_id and l.visit = p.visit and l.attempt > p.attempt)`;

/**
 * What `restart` wants to know of each execution `e` that goes on at the step `f`, its node_id and visit, or where it stands.
 * `fails`: whether that step had failed, so that a message that is skipped there still is an error.
 */
export const toRestart = (fails: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  e.id, e.status, coalesce(f.node_id, e.current_node_id) as node_id, f.visit as failed_visit, v.visit,
  coalesce(f.visit, v.visit + 1) as from_visit, e.missed is not null and not e.reached as was_missed,
  coalesce(${isCaptured}, false) as was_captured, ${fails} as fails`;

/** The last visit `v` of execution `e`. */
export const lastVisit = sql`cross join lateral (
  select greatest(e.visit, max(p.visit)) as visit from flow_execution_steps p where p.flow_execution_id = e.id) v`;

/**
 * Whether an execution `e` that went on from this visit again would do something twice: a message left after it, or a node was passed of
 * a type whose work must not be done twice.
 */
export const wouldRepeat = (visit: RawBuilder<unknown>, notTwice: readonly string[]): RawBuilder<SqlBool> => sql<SqlBool>`(
  exists (select from messages m where m.flow_execution_id = e.id and m.status in ('sent', 'delivered', 'undelivered', 'unknown')
    and m.visit > ${visit})
  or exists (select from flow_execution_steps d where d.flow_execution_id = e.id and d.status = 'completed' and d.visit > ${visit}
    and d.node_type = any(${textArray(notTwice)}::text[])))`;

/**
 * Begins executions again, due now. `before` is the beginning of a statement whose table "chosen" names them, as `toRestart` says,
 * and holds them locked.
 */
export async function restart(
  tx: Tx,
  before: RawBuilder<unknown>,
  channelsByType: Readonly<Record<string, Channel>>,
  clock: Clock,
): Promise<Restarted[]> {
  const channel = sql`${JSON.stringify(channelsByType)}::jsonb ->> p.node_type`;
  /** Its message was accepted, and kept on this machine. */
  const isKeptHere = sql`(p.status = 'completed' and ${channel} is not null
    and coalesce(p.result ->> 'provider' = any(${textArray(namesThatStay)}::text[]), false))`;
  const reasonOf = sql`case when ${isKeptHere} then 'test_mode' else p.reason end`;
  const { rows } = await sql<Restarted>`
    with ${before}, kept as materialized (
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
        retried_visit = case when c.failed_visit is not null and c.fails then c.visit + 1 end,
        current_node_id = c.node_id, visit = c.visit, attempt = 1,
        -- It was moved to another version behind the step that is tried again, and goes back to the one in which that step is.
        flow_version_id = coalesce((select m.from_version_id from flow_execution_moves m join flow_publications p on p.id = m.publication_id
          where m.flow_execution_id = e.id and m.visit >= c.failed_visit order by p.seq limit 1), e.flow_version_id),
        -- What was published since it ended concerned those who were inside.
        seen_publication = (select max(p.seq) from flow_publications p where p.workspace_id = e.workspace_id and p.flow_id = e.flow_id), wake_at = ${clock.now}, waiting_for = null, updated_at = now()
      from chosen c where e.id = c.id
      returning e.id, e.send_id, e.seq, e.workspace_id, e.flow_version_id, e.current_node_id, c.status, c.from_visit,
        c.was_missed and not c.was_captured as was_unreached,
        c.was_captured and not coalesce(${isCaptured}, false) as was_captured, c.was_captured as had_captured
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
    select send_id, max(seq) as last_seq, count(*) filter (where status = 'completed')::int as completed, count(*) filter (where status = 'failed')::int as failed,
      count(*) filter (where status = 'partial_failure')::int as partial, count(*) filter (where was_unreached)::int as unreached,
      count(*) filter (where was_unreached and status = 'completed')::int as completed_unreached,
      count(*) filter (where was_captured)::int as captured,
      count(*) filter (where had_captured and status = 'completed')::int as completed_captured,
      (select json_agg(o) from (
        select d.channel, d.outcome, d.reason, count(*)::int as count from done_anew d
        where d.send_id = begun.send_id and d.channel is not null and d.is_last and d.outcome in ('skipped', 'failed', 'captured')
        group by 1, 2, 3) o) as missed
    from begun group by send_id order by send_id`.execute(tx);
  return rows;
}

/** Takes what restarted executions have added off the counters of their send, which runs again unless it was paused meanwhile. */
export async function uncount(tx: Tx, restarted: Restarted): Promise<void> {
  const { send_id, completed, failed, partial, missed } = restarted;
  await sql`update flow_sends set completed = completed - ${completed}, failed = failed - ${failed}, partial_failure = partial_failure - ${partial},
    unreached = unreached - ${restarted.unreached}, completed_unreached = completed_unreached - ${restarted.completed_unreached},
    captured = captured - ${restarted.captured}, completed_captured = completed_captured - ${restarted.completed_captured}, ended_at = null,
    state = case when state = 'done' then 'running' else state end where id = ${send_id}::uuid`.execute(tx);
  if (!missed) return;
  await sql`update send_message_counts c set count = c.count - i.count
    from json_to_recordset(${JSON.stringify(missed)}::json) as i (channel text, outcome text, reason text, count int)
    where c.send_id = ${send_id}::uuid and c.channel = i.channel and c.outcome = i.outcome and c.reason = i.reason`.execute(tx);
}
