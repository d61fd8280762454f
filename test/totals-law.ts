import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import { findOrphans } from "#db/queries/orphans.ts";

type Row = Record<string, number | string | boolean>;

/**
 * Checks the invariants of sends: selected = enrolled + not enrolled, enrolled = ended + active, every counter equals
 * its rows, those of the messages equal the steps, no step, message or wake-up contradicts its execution, and no row has lost its parent. Returns each violation as a sentence.
 */
export async function findBrokenTotals(db: Db): Promise<string[]> {
  const { rows: sends } = await sql<Row>`
    select s.id, s.state, s.expected, s.enrolled, s.not_enrolled, s.completed, s.failed, s.partial_failure, s.cancelled,
      x.executions::int, x.completed::int as is_completed, x.failed::int as is_failed, x.partial::int as is_partial,
      x.cancelled::int as is_cancelled, x.active::int as active, k.skips::int as skips, s.enrolled_at is not null as all_in
    from flow_sends s
    cross join lateral (
      select count(*) as executions, count(*) filter (where status = 'completed') as completed,
        count(*) filter (where status = 'failed') as failed, count(*) filter (where status = 'partial_failure') as partial,
        count(*) filter (where status = 'cancelled') as cancelled, count(*) filter (where status in ('pending', 'running')) as active
      from flow_executions where send_id = s.id) x
    cross join lateral (select count(*) as skips from flow_send_skips where send_id = s.id) k`.execute(db);
  const contradictions = await sql<{ what: string; count: number }>`
    select 'wake-ups of what does not wait' as what, count(*)::int as count from wake_ups w join flow_executions e on e.id = w.flow_execution_id
      where e.wake_at is null or e.status <> 'running'
    union all select 'wake-ups of another version or node', count(*)::int from wake_ups w join flow_executions e on e.id = w.flow_execution_id
      where w.flow_version_id <> e.flow_version_id or w.node_id <> coalesce(e.current_node_id, '')
    union all select 'waits without a wake-up', count(*)::int from flow_executions e
      where e.wake_at is not null and not exists (select from wake_ups w where w.flow_execution_id = e.id)
    union all select 'ended without a time', count(*)::int from flow_executions e
      where (e.status not in ('pending', 'running')) <> (e.completed_at is not null)
    union all select 'steps left open by what has ended', count(*)::int from flow_execution_steps s
      join flow_executions e on e.id = s.flow_execution_id
      where s.status in ('running', 'waiting') and e.status not in ('pending', 'running')
    union all select 'messages left open by what has ended', count(*)::int from messages m
      join flow_executions e on e.id = m.flow_execution_id
      where m.status in ('sending', 'queued') and e.status not in ('pending', 'running')
    union all select 'steps out of order', count(*)::int from (
      select created_at <= lag(created_at) over (partition by flow_execution_id order by visit, attempt) as wrong from flow_execution_steps) o
      where o.wrong
    union all select 'visits left out', count(*)::int from (
      select count(distinct visit) <> max(visit) or min(visit) <> 1 as wrong from flow_execution_steps group by flow_execution_id) o
      where o.wrong`.execute(db);
  const outcomes = await findWrongOutcomes(db);
  return [
    ...outcomes,
    ...(await findOrphans(db)).map(({ child, parent, key, rows }) => `${rows} rows of ${child} without their row of ${parent} (${key})`),
    ...sends.flatMap((send) => wrongCounters(send).map((wrong) => `send ${send.id}: ${wrong}`)),
    ...contradictions.rows.filter(({ count }) => count > 0).map(({ what, count }) => `${what}: ${count}`),
  ];
}

/**
 * What became of the messages, counted anew from the steps, of sends that were made since they are counted: of several tries at one visit the last one counts, and steps
 * that a retry did anew do not.
 */
async function findWrongOutcomes(db: Db): Promise<string[]> {
  const { rows } = await sql<{ what: string }>`
    with told as materialized (
      select distinct on (e.id, p.visit) e.id, e.send_id, case p.node_type when 'send_sms' then 'sms' else 'email' end as channel,
        case when p.status <> 'completed' then p.status when p.result ->> 'provider' in ('capture', 'catch') then 'captured' else 'sent' end as outcome,
        case when p.status <> 'completed' then coalesce(p.reason, 'internal') when p.result ->> 'provider' in ('capture', 'catch') then 'test_mode'
          else '' end as reason
      from flow_execution_steps p join flow_executions e on e.id = p.flow_execution_id join flow_sends s on s.id = e.send_id
      where s.reached is not null and p.node_type in ('send_sms', 'send_email') and not p.is_retried and p.visit <= e.visit
      order by e.id, p.visit, p.attempt desc
    ), final as materialized (select * from told where outcome in ('sent', 'captured', 'skipped', 'failed')
    ), by_steps as (select send_id, channel, outcome, reason, count(*)::int as count from final group by 1, 2, 3, 4
    ), reach as materialized (
      select e.id, e.send_id, e.status, e.reached, e.missed,
        coalesce(e.missed && array['sms:test_mode', 'email:test_mode'], false) as has_captured, coalesce(f.reached, false) as is_reached, f.missed as is_missed
      from flow_executions e join flow_sends s on s.id = e.send_id and s.reached is not null left join (
        select id, bool_or(outcome = 'sent') as reached, array_agg(distinct channel || ':' || reason) filter (where outcome <> 'sent') as missed
        from final group by id) f on f.id = e.id
    )
    select format('send %s: %s %s %s is %s, by its steps %s', coalesce(c.send_id, b.send_id), coalesce(c.channel, b.channel),
      coalesce(c.outcome, b.outcome), coalesce(c.reason, b.reason), c.count, b.count) as what
    from (select c.* from send_message_counts c join flow_sends s on s.id = c.send_id where c.count <> 0 and s.reached is not null) c full join by_steps b using (send_id, channel, outcome, reason)
    where c.count is distinct from b.count
    union all
    select format('execution %s: reached %s %s, by its steps %s %s', id, reached, missed, is_reached, is_missed) from reach
    where reached <> is_reached or (select array_agg(m order by m) from unnest(missed) m) is distinct from is_missed
    union all
    select format('send %s: reached, unreached, captured %s, by its executions %s', s.id,
      (s.reached, s.unreached, s.completed_unreached, s.captured, s.completed_captured), r)
    from flow_sends s cross join lateral (
      select count(*) filter (where reached) as reached,
        count(*) filter (where not reached and missed is not null and not has_captured and status not in ('pending', 'running')) as unreached,
        count(*) filter (where not reached and missed is not null and not has_captured and status = 'completed') as completed_unreached,
        count(*) filter (where not reached and has_captured) as captured,
        count(*) filter (where not reached and has_captured and status = 'completed') as completed_captured
      from reach where send_id = s.id) r
    where s.reached is not null
      and (s.reached, s.unreached, s.completed_unreached, s.captured, s.completed_captured)
        is distinct from (r.reached, r.unreached, r.completed_unreached, r.captured, r.completed_captured)`.execute(db);
  return rows.map(({ what }) => what);
}

function wrongCounters(send: Row): string[] {
  const isAtItsEnd = send.all_in && send.active === 0 && (send.state === "running" || send.state === "done");
  const shouldBe: Row = {
    enrolled: send.executions as number,
    not_enrolled: send.skips as number,
    completed: send.is_completed as number,
    failed: send.is_failed as number,
    partial_failure: send.is_partial as number,
    cancelled: send.is_cancelled as number,
    ...(send.all_in && { expected: Number(send.enrolled) + Number(send.not_enrolled) }),
    ...(isAtItsEnd && { state: "done" }),
  };
  return Object.entries(shouldBe)
    .filter(([name, value]) => send[name] !== value)
    .map(([name, value]) => `${name} is ${send[name]}, by its rows ${value}`);
}
