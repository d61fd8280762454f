import { sql } from "kysely";
import type { Drip } from "#contract/sends.ts";
import type { Db } from "#db/client.ts";
import { isLaneReady } from "#db/queries/lane-ready.ts";
import { numberArray, uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import { defaultLanes, portionSize, smallSend } from "../jobs/work-sizes.ts";
import { deadAfterSeconds } from "./worker-rows.ts";

/** Seconds after which a woken execution is due again. While its turn exists, no other turn takes it. */
const dueAgainSeconds = deadAfterSeconds;
/** Executions of a paused send whose wake-up was due are looked at again after this. Resuming wakes them at once. */
const parkedMinutes = 10;

export interface Turn {
  id: string;
  workspaceId: string;
  workerId: string;
  quick: boolean;
  /** The turn takes only this execution, whose wake-up is due. */
  executionId?: string;
}

export interface TakenLane {
  send_id: string;
  lane: number;
  from_seq: number;
  /** The end of this portion: the end of the chunk, unless a drip allows fewer. */
  upto_seq: number;
  /** How often this portion was begun, including now. */
  tries: number;
  failures: number;
  drip: Drip | null;
  /** Whether a drip has counted this portion already. */
  is_counted: boolean;
}

export interface TakenWakeUp {
  flow_execution_id: string;
  /** Seconds since it was due. */
  late: number;
  failures: number;
}

export interface Taken {
  wakeUps: TakenWakeUp[];
  lanes: TakenLane[];
}

/**
 * Takes a portion: first executions whose wake-up is due, then the lanes that were served least recently, so that the
 * sends of a workspace alternate. A quick turn takes many small sends and a few woken executions; any other turn takes
 * 500 woken executions or one lane. It is one statement, and rows that another turn is taking are skipped.
 *
 * A lane is locked only in the state in which it was found. Another turn may take the lane and commit between the search
 * and the lock. Postgres then reads the row anew, but that turn's row is too new for this statement to see, so the lane
 * would pass the test a second time.
 */
export async function takePortion(db: Db, turn: Turn, clock: Clock): Promise<Taken> {
  const lanesAtOnce = turn.quick ? portionSize / smallSend : 1;
  const onlyThis = turn.executionId === undefined ? sql`` : sql`and w.flow_execution_id = ${turn.executionId}::uuid`;
  const { rows } = await sql<{ wake_ups: TakenWakeUp[] | null; lanes: TakenLane[] | null }>`
    with room as materialized (
      select ${turn.quick}::boolean or (select count(*) from private.turns where workspace_id = ${turn.workspaceId} and not is_quick)
        < coalesce((select lanes from private.workspace_limits where workspace_id = ${turn.workspaceId}), ${defaultLanes}::int) as is_free
    ), due as materialized (
      select w.flow_execution_id, w.due_at from wake_ups w
      where (select is_free from room) and w.workspace_id = ${turn.workspaceId} and w.due_at <= ${clock.now} ${onlyThis}
        and not exists (select from private.turns t where t.id = w.turn_id)
      order by w.due_at limit ${turn.quick ? smallSend : portionSize} for update of w skip locked
    ), woken as (
      update wake_ups w set turn_id = ${turn.id}::uuid, due_at = ${clock.now} + ${dueAgainSeconds} * interval '1 second',
        generation = w.generation + 1
      from due where w.flow_execution_id = due.flow_execution_id
      returning w.flow_execution_id, w.failures, extract(epoch from ${clock.now} - due.due_at)::float8 as late
    ), found as materialized (
      select l.send_id, l.lane, l.turn_id, l.from_seq, (l.from_seq / s.chunk_size + 1) * s.chunk_size as chunk_end, s.drip
      from private.send_lanes l join flow_sends s on s.id = l.send_id
      where (select is_free from room) and ${turn.executionId === undefined}::boolean and l.workspace_id = ${turn.workspaceId} and ${isLaneReady(clock.now)}
        and case when ${turn.quick}::boolean then s.expected <= ${smallSend} else s.expected > ${smallSend} and not exists (select from due) end
      order by l.served_at, l.lane limit ${4 * lanesAtOnce}
    ), ready as materialized (
      select l.send_id, l.lane, l.upto_seq, f.chunk_end, f.drip
      from found f join private.send_lanes l on l.send_id = f.send_id and l.lane = f.lane
      where l.turn_id is not distinct from f.turn_id and l.from_seq = f.from_seq
      order by l.served_at, l.lane limit ${lanesAtOnce} for update of l skip locked
    ), taken as (
      update private.send_lanes l set turn_id = ${turn.id}::uuid, tries = l.tries + 1,
        upto_seq = case when r.drip is null then r.chunk_end else r.upto_seq end
      from ready r where l.send_id = r.send_id and l.lane = r.lane
      returning l.send_id, l.lane, l.from_seq, coalesce(r.upto_seq, r.chunk_end) as upto_seq, l.tries, l.failures, r.drip,
        r.upto_seq is not null as is_counted
    ), begun as (
      insert into private.turns (id, workspace_id, worker_id, is_quick, began_at)
      select ${turn.id}::uuid, ${turn.workspaceId}, ${turn.workerId}::uuid, ${turn.quick}::boolean, ${clock.now}
      where exists (select from woken) or exists (select from taken)
    )
    select (select json_agg(woken) from woken) as wake_ups, (select json_agg(taken) from taken) as lanes`.execute(db);
  const row = rows[0];
  return { wakeUps: row?.wake_ups ?? [], lanes: row?.lanes ?? [] };
}

/** The result of a turn for one of its lanes. */
export interface LaneResult {
  sendId: string;
  lane: number;
  /** Where the lane goes on; null when it has come to its end. */
  from: number | null;
  /** The end of a portion that is to be taken again as it is. */
  upto: number | null;
  /** Milliseconds until the lane may be taken again. */
  delayMs: number;
  tries: number;
  failures: number;
}

/** Gives back what a turn has taken. A turn that has lost its hold changes nothing, because its portion may belong to another turn. */
export async function giveBack(
  db: Db,
  turn: Turn,
  given: {
    lanes: readonly LaneResult[];
    /** Executions that are due again, in `delayMs` milliseconds. */
    wakeUps: readonly string[];
    delayMs: number;
    /** Executions of a paused send. */
    parked?: readonly string[];
    failed?: boolean;
    /** The turn goes on with something else. */
    keepTurn?: boolean;
  },
  clock: Clock,
): Promise<void> {
  const { lanes, wakeUps } = given;
  const column = <T>(pick: (lane: LaneResult) => T) => lanes.map(pick);
  await sql`
    with l as (
      select * from unnest(${uuidArray(column((l) => l.sendId))}::uuid[], ${numberArray(column((l) => l.lane))}::int[],
        ${numberArray(column((l) => l.from))}::int[], ${numberArray(column((l) => l.upto))}::int[], ${numberArray(column((l) => l.delayMs))}::float8[],
        ${numberArray(column((l) => l.tries))}::int[], ${numberArray(column((l) => l.failures))}::int[]
      ) as l (send_id, lane, from_seq, upto_seq, delay, tries, failures)
    ), ended as (
      delete from private.send_lanes t using l
      where t.send_id = l.send_id and t.lane = l.lane and t.turn_id = ${turn.id}::uuid and l.from_seq is null
    ), moved as (
      update private.send_lanes t set from_seq = l.from_seq, upto_seq = l.upto_seq, turn_id = null, tries = l.tries, failures = l.failures,
        served_at = ${clock.now}, ready_at = greatest(t.ready_at, ${clock.now} + l.delay * interval '1 millisecond')
      from l where t.send_id = l.send_id and t.lane = l.lane and t.turn_id = ${turn.id}::uuid and l.from_seq is not null
    ), asleep as (
      update wake_ups w set turn_id = null, due_at = ${clock.now} + ${given.delayMs}::float8 * interval '1 millisecond',
        failures = w.failures + ${given.failed === true ? 1 : 0}::int
      where w.flow_execution_id = any(${uuidArray(wakeUps)}::uuid[]) and w.turn_id = ${turn.id}::uuid
    ), parked as (
      update wake_ups w set turn_id = null, due_at = ${clock.now} + ${parkedMinutes} * interval '1 minute'
      where w.flow_execution_id = any(${uuidArray(given.parked ?? [])}::uuid[]) and w.turn_id = ${turn.id}::uuid
    )
    delete from private.turns where id = ${turn.id}::uuid and not ${given.keepTurn === true}::boolean`.execute(db);
}

/** A workspace with work that nobody has in hand. */
export interface DueWorkspace {
  workspace_id: string;
  quick: boolean;
  /** How many more turns it could use and may have. */
  turns: number;
}

/** The workspaces that have something to do now. It reads two indexes per workspace, however many wake-ups there are. */
export async function findDue(db: Db, clock: Clock): Promise<DueWorkspace[]> {
  const { rows } = await sql<{ workspace_id: string; small: number; large: number; woken: number; room: number }>`
    select w.id as workspace_id, coalesce(l.small, 0)::int as small, coalesce(l.large, 0)::int as large, d.woken::int,
      (coalesce(m.lanes, ${defaultLanes}::int) - (select count(*) from private.turns t where t.workspace_id = w.id and not t.is_quick))::int as room
    from workspaces w
    left join private.workspace_limits m on m.workspace_id = w.id
    left join (
      select l.workspace_id, count(*) filter (where s.expected <= ${smallSend}) as small,
        count(*) filter (where s.expected > ${smallSend}) as large
      from private.send_lanes l join flow_sends s on s.id = l.send_id where ${isLaneReady(clock.now)} group by l.workspace_id
    ) l on l.workspace_id = w.id
    cross join lateral (
      select count(*) as woken from (
        select from wake_ups u where u.workspace_id = w.id and u.due_at <= ${clock.now}
          and not exists (select from private.turns t where t.id = u.turn_id)
        limit ${portionSize * defaultLanes}) u
    ) d
    where l.workspace_id is not null or d.woken > 0`.execute(db);
  return rows.flatMap(({ workspace_id, small, large, woken, room }) => {
    const found: DueWorkspace[] = [];
    if (small > 0 || (woken > 0 && woken <= smallSend)) found.push({ workspace_id, quick: true, turns: 1 });
    const useful = large + (woken > smallSend ? Math.ceil(woken / portionSize) : 0);
    if (Math.min(useful, room) > 0) found.push({ workspace_id, quick: false, turns: Math.min(useful, room) });
    return found;
  });
}

/**
 * Ends turns of a living worker that it does not work on: it lost the database while it gave them back. A turn that is
 * ended by mistake costs only time, because a turn that has lost its hold changes nothing.
 */
export async function endLostTurns(db: Db, workerId: string, open: ReadonlySet<string>): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from private.turns where worker_id = ${workerId}::uuid and id <> all(${uuidArray([...open])}::uuid[])
      and began_at < clock_timestamp() - ${deadAfterSeconds} * interval '1 second'`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/** Ends the turns of dead workers, and with them their hold on what they had taken. A young turn stays, because it may begin before its worker's first heartbeat. */
export async function endTurnsOfTheDead(db: Db): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from private.turns t
    where not exists (select from private.workers w where w.id = t.worker_id)
      and t.began_at < clock_timestamp() - ${deadAfterSeconds} * interval '1 second'`.execute(db);
  return Number(numAffectedRows ?? 0);
}
