import { sql } from "kysely";
import type { Db, Tx } from "#db/client.ts";
import { isLaneReady } from "#db/queries/lane-ready.ts";
import { turnsPerWorker } from "#db/queries/turn-limit.ts";
import { numberArray, uuidArray } from "../../base/array.ts";
import type { Clock } from "../../base/clock.ts";
import { goesOneByOne } from "../../execution/one-by-one-rows.ts";
import { quickPriority, turnPriority } from "../../jobs/job-priorities.ts";
import { oneByOne, portionSize, smallSend } from "../../jobs/work-sizes.ts";
import { dropUnsentNeedless } from "./needless-rows.ts";

/**
 * Finds what is due in lanes and wake-ups, and asks for runs: one per execution for small sends, one per portion for large
 * ones. A run that is asked for already is left alone, so any process may do this at any time.
 */
export async function askForDue(db: Db, aheadSeconds: number, clock: Clock): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await dropUnsentNeedless(tx);
    if (!(await isAnythingDue(tx, aheadSeconds, clock))) return;
    await wakeSmallSends(tx, clock);
    await askForExecutions(tx, aheadSeconds, clock);
    await askForTurns(tx, clock);
  });
}

/** Tells for little whether a look is worth its statements, which Postgres plans anew each time. Most looks of most products find nothing. */
async function isAnythingDue(tx: Tx, aheadSeconds: number, clock: Clock): Promise<boolean> {
  const { rows } = await sql<{ any: boolean }>`
    select exists (select from private.send_lanes) or exists (select from workspaces ws cross join lateral (
      select from wake_ups u where u.workspace_id = ws.id and u.due_at <= ${clock.now} + ${aheadSeconds}::float8 * interval '1 second' limit 1) u) as any`.execute(
    tx,
  );
  return rows[0]?.any === true;
}

/**
 * A small send, whose executions have a run each. A small send that was created between two statements of a look is not
 * taken for a large one; the next look wakes it.
 */
const isSmall = sql`(s.enrolled_at is not null and ${goesOneByOne} and s.drip is null)`;

/**
 * A small send needs no lane: once it may begin, each of its executions is woken by itself. A drip counts portions, so
 * its lanes stay.
 */
async function wakeSmallSends(tx: Tx, clock: Clock): Promise<void> {
  const { rows } = await sql<{ send_id: string; from_seq: number }>`
    with small as materialized (
      select l.send_id, l.lane, l.from_seq from private.send_lanes l join flow_sends s on s.id = l.send_id
      where ${isLaneReady(clock.now)} and ${isSmall}
      order by l.served_at limit 200 for update of l skip locked
    )
    delete from private.send_lanes l using small where l.send_id = small.send_id and l.lane = small.lane
    returning small.send_id, small.from_seq`.execute(tx);
  // A statement of its own: joined to lanes of which none is ready, the planner read every execution at every look.
  if (rows.length === 0) return;
  await sql`
    with woken as (
      update flow_executions e set wake_at = ${clock.now}
      from unnest(${uuidArray(rows.map(({ send_id }) => send_id))}::uuid[], ${numberArray(rows.map(({ from_seq }) => from_seq))}::int[])
        as small (send_id, from_seq)
      where e.send_id = any(${uuidArray(rows.map(({ send_id }) => send_id))}::uuid[]) and e.send_id = small.send_id
        and e.seq >= small.from_seq and e.status in ('pending', 'running') and e.wake_at is null
      returning e.id, e.workspace_id, e.flow_version_id, e.wake_at
    )
    insert into wake_ups (flow_execution_id, workspace_id, flow_version_id, due_at, node_id, one_by_one)
    select id, workspace_id, flow_version_id, wake_at, '', true from woken on conflict do nothing`.execute(tx);
}

/** No living turn holds the wake-up u. */
const isFree = sql`not exists (select from private.turns t where t.id = u.turn_id)`;

/**
 * How many executions of small sends are due at this moment. Beyond `oneByOne` they share runs as those of a large send do,
 * because a thousand small sends at once are as much work as a large one.
 */
const dueOneByOne = (clock: Clock) => sql`(select count(*) as many from (
  select from wake_ups u where u.workspace_id = ws.id and u.one_by_one and u.due_at <= ${clock.now} and ${isFree} limit ${portionSize * turnsPerWorker}) u)`;

/** Asks for a run per execution. Wake-ups that are due soon are asked for ahead of time, so that Trigger.dev starts them even when no process of ours relays. */
async function askForExecutions(tx: Tx, aheadSeconds: number, clock: Clock): Promise<void> {
  // A run that was lost is asked for after a pause. The wake-up, which has been due all the time, does not shorten it.
  const askedDue = sql`greatest(excluded.due_at, trigger_runs.not_before)`;
  await sql`
    insert into private.trigger_runs (key, workspace_id, execution_id, job, priority, due_at)
    select 'execution:' || w.flow_execution_id, ws.id, w.flow_execution_id, jsonb_build_object('kind', 'execution', 'workspaceId', ws.id,
      'executionId', w.flow_execution_id, 'priority', ${quickPriority}::int), ${quickPriority}, w.due_at
    from workspaces ws
    cross join lateral ${dueOneByOne(clock)} c
    cross join lateral (
      select u.flow_execution_id, u.due_at from wake_ups u
      where u.workspace_id = ws.id and u.one_by_one and u.due_at <= ${clock.now} + ${aheadSeconds}::float8 * interval '1 second' and ${isFree}
      order by u.due_at limit ${oneByOne}) w
    where c.many <= ${oneByOne}
      -- A run that has begun either is about to take the execution, or has advanced it and is about to be deleted.
      and not exists (select from private.trigger_runs r
        where r.execution_id = w.flow_execution_id and (r.began_at is not null or r.due_at <= greatest(w.due_at, r.not_before)))
    order by 1
    on conflict (key) do update set due_at = ${askedDue}, generation = trigger_runs.generation + 1, sent_at = null, run_id = null
      where trigger_runs.due_at > ${askedDue}`.execute(tx);
}

/** Asks for as many turns as a workspace has use for and may have. A turn that waits already has the same key and is not asked for again. */
async function askForTurns(tx: Tx, clock: Clock): Promise<void> {
  await sql`
    with lanes as (
      select l.workspace_id, count(*) filter (where s.expected <= ${smallSend}) as small, count(*) filter (where s.expected > ${smallSend}) as large
      from private.send_lanes l join flow_sends s on s.id = l.send_id where ${isLaneReady(clock.now)} and not ${isSmall} group by l.workspace_id
    ), begun as (
      select r.workspace_id, count(*) as many from private.trigger_runs r
      where r.began_at is not null and r.job ->> 'kind' = 'turn' and r.job ->> 'quick' = 'false' group by r.workspace_id
    ), wanted as (
      select ws.id, coalesce(l.small, 0) > 0 as quick,
        least(coalesce(m.lanes, ${turnsPerWorker}::int) - greatest(t.many, coalesce(b.many, 0)),
          coalesce(l.large, 0) + ceil(d.due / ${portionSize}::float8)
            -- A turn that has begun and taken nothing yet will find what is due, so it is not asked for twice.
            - greatest(coalesce(b.many, 0) - t.many, 0))::int as turns
      from workspaces ws
      left join private.workspace_limits m on m.workspace_id = ws.id
      left join lanes l on l.workspace_id = ws.id
      left join begun b on b.workspace_id = ws.id
      cross join lateral (select count(*) as many from private.turns t where t.workspace_id = ws.id and not t.is_quick) t
      cross join lateral ${dueOneByOne(clock)} c
      cross join lateral (select count(*) + case when c.many > ${oneByOne} then c.many else 0 end as due from (
        select from wake_ups u where u.workspace_id = ws.id and not u.one_by_one and u.due_at <= ${clock.now} and ${isFree}
        limit ${portionSize * turnsPerWorker}) u) d
      where l.workspace_id is not null or d.due > 0
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
    order by 1 on conflict do nothing`.execute(tx);
}
