import { sql } from "kysely";
import type { Db, Tx } from "#db/client.ts";
import { isLaneReady } from "#db/queries/lane-ready.ts";
import type { Clock } from "../../base/clock.ts";
import { quickPriority, turnPriority } from "../../jobs/job-priorities.ts";
import { defaultLanes, oneByOne, portionSize, smallSend } from "../../jobs/work-sizes.ts";

/**
 * Finds what is due in lanes and wake-ups, and asks for runs: one per execution where they are few, one per portion where
 * they are many. A run that is asked for already is left alone, so any process may do this at any time.
 */
export async function askForDue(db: Db, aheadSeconds: number, clock: Clock): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await wakeSmallSends(tx, clock);
    await askForExecutions(tx, aheadSeconds, clock);
    await askForTurns(tx, aheadSeconds, clock);
  });
}

/**
 * A small send, whose executions have a run each. A small send that was created between two statements of a look is not
 * taken for a large one; the next look wakes it.
 */
const isSmall = sql`(s.enrolled_at is not null and s.expected <= ${oneByOne} and s.drip is null)`;

/**
 * A small send needs no lane: once it may begin, each of its executions is woken by itself. A drip counts portions, so
 * its lanes stay.
 */
async function wakeSmallSends(tx: Tx, clock: Clock): Promise<void> {
  await sql`
    with small as materialized (
      select l.send_id, l.lane, l.from_seq, s.workspace_id from private.send_lanes l join flow_sends s on s.id = l.send_id
      where ${isLaneReady(clock.now)} and ${isSmall}
      order by l.served_at limit 200 for update of l skip locked
    ), gone as (
      delete from private.send_lanes l using small where l.send_id = small.send_id and l.lane = small.lane
    ), woken as (
      update flow_executions e set wake_at = ${clock.now} from small
      where e.send_id = small.send_id and e.seq >= small.from_seq and e.status in ('pending', 'running') and e.wake_at is null
      returning e.id, e.workspace_id, e.flow_version_id, e.wake_at
    )
    insert into wake_ups (flow_execution_id, workspace_id, flow_version_id, due_at, node_id)
    select id, workspace_id, flow_version_id, wake_at, '' from woken on conflict do nothing`.execute(tx);
}

/** The wake-ups of a workspace that are due now or soon and that no turn holds. */
const soon = (aheadSeconds: number, clock: Clock) => sql`
  select u.flow_execution_id, u.due_at from wake_ups u
  where u.workspace_id = ws.id and u.due_at <= ${clock.now} + ${aheadSeconds}::float8 * interval '1 second'
    and not exists (select from private.turns t where t.id = u.turn_id)
  order by u.due_at`;

/** Asks for a run per execution. Wake-ups that are due soon are asked for ahead of time, so that Trigger.dev starts them even when no process of ours relays. */
async function askForExecutions(tx: Tx, aheadSeconds: number, clock: Clock): Promise<void> {
  await sql`
    insert into private.trigger_runs (key, workspace_id, execution_id, job, priority, due_at)
    select 'execution:' || w.flow_execution_id, ws.id, w.flow_execution_id, jsonb_build_object('kind', 'execution', 'workspaceId', ws.id,
      'executionId', w.flow_execution_id, 'priority', ${quickPriority}::int), ${quickPriority}, w.due_at
    from workspaces ws
    cross join lateral (select count(*) as many from (${soon(aheadSeconds, clock)} limit ${oneByOne + 1}) u) c
    cross join lateral (${soon(aheadSeconds, clock)}) w
    where c.many between 1 and ${oneByOne}
      -- A run that has begun either is about to take the execution, or has advanced it and is about to be deleted.
      and not exists (select from private.trigger_runs r
        where r.execution_id = w.flow_execution_id and (r.began_at is not null or r.due_at <= w.due_at))
    order by 1
    on conflict (key) do update set due_at = excluded.due_at, generation = trigger_runs.generation + 1, sent_at = null, run_id = null
      where trigger_runs.due_at > excluded.due_at`.execute(tx);
}

/** Asks for as many turns as a workspace has use for and may have. A turn that waits already has the same key and is not asked for again. */
async function askForTurns(tx: Tx, aheadSeconds: number, clock: Clock): Promise<void> {
  await sql`
    with lanes as (
      select l.workspace_id, count(*) filter (where s.expected <= ${smallSend}) as small, count(*) filter (where s.expected > ${smallSend}) as large
      from private.send_lanes l join flow_sends s on s.id = l.send_id where ${isLaneReady(clock.now)} and not ${isSmall} group by l.workspace_id
    ), begun as (
      select r.workspace_id, count(*) as many from private.trigger_runs r
      where r.began_at is not null and r.job ->> 'kind' = 'turn' and r.job ->> 'quick' = 'false' group by r.workspace_id
    ), wanted as (
      select ws.id, coalesce(l.small, 0) > 0 as quick,
        least(coalesce(m.lanes, ${defaultLanes}::int) - greatest(t.many, coalesce(b.many, 0)),
          coalesce(l.large, 0) + case when d.many > ${oneByOne} then ceil(d.due / ${portionSize}::float8) else 0 end
            -- A turn that has begun and taken nothing yet will find what is due, so it is not asked for twice.
            - greatest(coalesce(b.many, 0) - t.many, 0))::int as turns
      from workspaces ws
      left join private.workspace_limits m on m.workspace_id = ws.id
      left join lanes l on l.workspace_id = ws.id
      left join begun b on b.workspace_id = ws.id
      cross join lateral (select count(*) as many from private.turns t where t.workspace_id = ws.id and not t.is_quick) t
      cross join lateral (select count(*) as many, count(*) filter (where u.due_at <= ${clock.now}) as due
        from (${soon(aheadSeconds, clock)} limit ${portionSize * defaultLanes}) u) d
      where l.workspace_id is not null or d.many > ${oneByOne}
    ), asked as (
      select id, true as quick, 0 as slot from wanted where quick
      union all
      select id, false, slot from wanted cross join lateral generate_series(0, turns - 1) slot
    )
    insert into private.trigger_runs (key, workspace_id, job, priority, due_at)
    select 'turn:' || id || ':' || case when quick then 'quick' else slot::text end, id,
      jsonb_build_object('kind', 'turn', 'workspaceId', id, 'quick', quick, 'slot', slot,
        'priority', case when quick then ${quickPriority}::int else ${turnPriority}::int end),
      case when quick then ${quickPriority}::int else ${turnPriority}::int end, ${clock.now}
    from asked a
    where not exists (select from private.trigger_runs r where r.key = 'turn:' || a.id || ':' || case when a.quick then 'quick' else a.slot::text end)
    order by 1 on conflict (key) do nothing`.execute(tx);
}
