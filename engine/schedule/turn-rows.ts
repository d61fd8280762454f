import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { Drip } from "#contract/sends.ts";
import type { Db } from "#db/client.ts";
import { isLaneReady } from "#db/queries/lane-ready.ts";
import { livingWorkers, turnLimit, turnShare, turnsPerWorker } from "#db/queries/turn-limit.ts";
import { numberArray, uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import { portionSize, smallSend } from "../jobs/work-sizes.ts";
import { deadAfterSeconds } from "./worker-rows.ts";

/** Seconds after which a woken execution is due again. While its turn exists, no other turn takes it. */
const dueAgainSeconds = deadAfterSeconds;
/** Seconds between two looks at all workspaces, whoever does them. */
const fullLookSeconds = 5;
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
  /** Whether a turn took it before and did not come to its end, so that there may be traces of it. */
  tried: boolean;
}

export interface Taken {
  wakeUps: TakenWakeUp[];
  lanes: TakenLane[];
}

/** Lanes among which a turn chooses: all that are ready of four large sends, or what four quick turns take. */
const lanesLookedAt = 80;

/** Executions of the send of a candidate `c` that other turns have in hand. */
const inHand = sql`(
  select count(*) * c.chunk_size from private.send_lanes o join private.turns t on t.id = o.turn_id where o.send_id = c.send_id)`;

/**
 * Takes a portion: first executions whose wake-up is due, then a lane of the send with the fewest executions in hand, of
 * these the one that was served least recently. So the sends of a workspace share its turns, however many lanes each has. A quick turn takes many small sends and a few woken executions; any other turn takes
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
    with allowed as materialized (
      select ${turnLimit(sql`(select lanes from private.workspace_limits where workspace_id = ${turn.workspaceId})`)} as most
    ), room as materialized (
      select ${turn.quick}::boolean or (
        count(t.id) < (select most from allowed)
        and count(t.id) filter (where t.worker_id = ${turn.workerId}::uuid) < ${turnShare(sql`(select most from allowed)`)}
      ) as is_free from private.turns t where t.workspace_id = ${turn.workspaceId} and not t.is_quick
    ), due as materialized (
      select w.flow_execution_id, w.due_at, w.turn_id is not null as tried from wake_ups w
      where (select is_free from room) and w.workspace_id = ${turn.workspaceId} and w.due_at <= ${clock.now} ${onlyThis}
        and not exists (select from private.turns t where t.id = w.turn_id)
      order by w.due_at limit ${turn.quick ? smallSend : portionSize} for update of w skip locked
    ), woken as (
      update wake_ups w set turn_id = ${turn.id}::uuid, due_at = ${clock.now} + ${dueAgainSeconds} * interval '1 second',
        generation = w.generation + 1
      from due where w.flow_execution_id = due.flow_execution_id
      returning w.flow_execution_id, w.failures, due.tried, extract(epoch from ${clock.now} - due.due_at)::float8 as late
    ), candidates as materialized (
      select l.send_id, l.lane, l.turn_id, l.from_seq, l.served_at, s.chunk_size, s.drip
      from private.send_lanes l join flow_sends s on s.id = l.send_id
      where (select is_free from room) and ${turn.executionId === undefined}::boolean and l.workspace_id = ${turn.workspaceId} and ${isLaneReady(clock.now)}
        and case when ${turn.quick}::boolean then s.expected <= ${smallSend} else s.expected > ${smallSend} and not exists (select from due) end
      order by l.served_at, l.lane limit ${lanesLookedAt}
    ), found as materialized (
      select send_id, lane, turn_id, from_seq, (from_seq / chunk_size + 1) * chunk_size as chunk_end, drip,
        row_number() over (order by ${turn.quick ? sql`0` : inHand}, served_at, lane) as place
      from candidates c
    ), ready as materialized (
      select l.send_id, l.lane, l.upto_seq, f.chunk_end, f.drip
      from found f join private.send_lanes l on l.send_id = f.send_id and l.lane = f.lane
      where l.turn_id is not distinct from f.turn_id and l.from_seq = f.from_seq
      order by f.place limit ${lanesAtOnce} for update of l skip locked
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
  /** The position at which the lane continues; null at its end. */
  from: number | null;
  /** The end of a portion that is to be taken again as it is. */
  upto: number | null;
  /** Milliseconds until the lane may be taken again. */
  delayMs: number;
  tries: number;
  failures: number;
}

/**
 * Gives back what a turn has taken. Wake-ups keep the turn that is over, which tells the next one that they were tried. A
 * turn that has lost its hold changes nothing, because its portion may belong to another turn.
 */
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
      update wake_ups w set turn_id = case when ${given.keepTurn === true}::boolean then null else turn_id end, due_at = ${clock.now} + ${given.delayMs}::float8 * interval '1 millisecond',
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

/** Seconds by which two looks overlap, for wake-ups whose transaction commits a little after the moment that they name. */
const overlapSeconds = 2;
/** Wake-ups of the last moments that one look reads at most. The look at all workspaces finds what stands behind them. */
const readAtMost = 50_000;

/**
 * What a look found, and its moment for the next look. A test may have turned its clock ahead of the database's, by which
 * SQL wakes people; so the earlier of the two counts.
 */
export interface Look {
  lookedAt: string;
  due: DueWorkspace[];
  /** Nobody has looked at all workspaces for some seconds. */
  isFullLookDue: boolean;
}

const fullLook = "look at all workspaces";

/**
 * The workspaces that have something to do now.
 *
 * @param where `since` is the moment of the last look: only workspaces with a lane that is ready and those in which a wake-up
 * fell due since are looked at. Null: all workspaces, which costs more the more there are. `only`: this workspace.
 */
export async function findDue(db: Db, clock: Clock, where: { since: string | null } | { only: string }): Promise<Look> {
  const places =
    "only" in where
      ? sql`select ${where.only}::text as workspace_id`
      : where.since === null
        ? everywhere
        : whereSomethingFellDue(clock, where.since);
  const { rows } = await sql<{ looked_at: string; is_full_look_due: boolean; found: Found[] | null }>`
    with moment as materialized (
      select least(${clock.now}, clock_timestamp())::text as looked_at
    ), ready as materialized (
      select l.workspace_id, count(*) filter (where s.expected <= ${smallSend})::int as small,
        count(*) filter (where s.expected > ${smallSend})::int as large
      from private.send_lanes l join flow_sends s on s.id = l.send_id where ${isLaneReady(clock.now)}
        ${"only" in where ? sql`and l.workspace_id = ${where.only}` : sql``} group by l.workspace_id
    ), places as materialized (
      ${places}
    ), found as (
      select p.workspace_id, coalesce(l.small, 0) as small, coalesce(l.large, 0) as large, d.woken,
        ${turnLimit(sql`m.lanes`)} - (select count(*) from private.turns t where t.workspace_id = p.workspace_id and not t.is_quick) as room
      from places p
      left join private.workspace_limits m on m.workspace_id = p.workspace_id
      left join ready l on l.workspace_id = p.workspace_id
      cross join lateral (
        select count(*) as woken from (
          select from wake_ups u where u.workspace_id = p.workspace_id and u.due_at <= ${clock.now}
            and not exists (select from private.turns t where t.id = u.turn_id)
          limit ${portionSize * turnsPerWorker} * ${livingWorkers}) u
      ) d
      where l.workspace_id is not null or d.woken > 0
    )
    select looked_at, (select json_agg(found) from found) as found,
      not exists (select from private.leases where name = ${fullLook} and until > clock_timestamp()) as is_full_look_due
    from moment`.execute(db);
  const row = rows[0];
  if (row === undefined) throw new Error("A look for what is due answered nothing.");
  return { lookedAt: row.looked_at, due: (row.found ?? []).flatMap(toDue), isFullLookDue: row.is_full_look_due };
}

interface Found {
  workspace_id: string;
  small: number;
  large: number;
  woken: number;
  room: number;
}

const everywhere = sql`select id as workspace_id from workspaces`;

const whereSomethingFellDue = (clock: Clock, since: string) => sql`
  select workspace_id from ready
  union select workspace_id from (
    select workspace_id from wake_ups
    where due_at > ${since}::timestamptz - ${overlapSeconds} * interval '1 second' and due_at <= ${clock.now}
    order by due_at limit ${readAtMost}) fell_due`;

function toDue({ workspace_id, small, large, woken, room }: Found): DueWorkspace[] {
  const found: DueWorkspace[] = [];
  if (small > 0 || (woken > 0 && woken <= smallSend)) found.push({ workspace_id, quick: true, turns: 1 });
  const useful = large + (woken > smallSend ? Math.ceil(woken / portionSize) : 0);
  if (Math.min(useful, room) > 0) found.push({ workspace_id, quick: false, turns: Math.min(useful, room) });
  return found;
}

/** Takes the lease of the look at all workspaces. The worker that gets it looks; the others may ask again when it is over. */
export async function takeFullLook(db: Db): Promise<boolean> {
  const { rows } = await sql`
    insert into private.leases (name, until) values (${fullLook}, clock_timestamp() + ${fullLookSeconds} * interval '1 second')
    on conflict (name) do update set until = excluded.until where leases.until <= clock_timestamp() returning name`.execute(db);
  return rows.length === 1;
}

/**
 * Ends turns of a living worker that it does not work on: it lost the database while it gave them back. A turn that is
 * ended by mistake costs only time, because a turn that has lost its hold changes nothing.
 */
export const endLostTurns = (db: Db, workerId: string, open: ReadonlySet<string>): Promise<number> =>
  endTurns(db, sql`t.worker_id = ${workerId}::uuid and t.id <> all(${uuidArray([...open])}::uuid[])`);

/** Ends the turns of dead workers, and with them their hold on what they had taken. A young turn stays, because it may begin before its worker's first heartbeat. */
export const endTurnsOfTheDead = (db: Db): Promise<number> =>
  endTurns(db, sql`not exists (select from private.workers w where w.id = t.worker_id)`);

/** What such a turn had taken fell due some time ago, where only a look at all workspaces finds it; so one is asked for. */
async function endTurns(db: Db, isLost: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ ended: number }>`
    with ended as (
      delete from private.turns t
      where ${isLost} and t.began_at < clock_timestamp() - ${deadAfterSeconds} * interval '1 second' returning t.id
    ), asked as (
      update private.leases set until = clock_timestamp() where name = ${fullLook} and exists (select from ended)
    )
    select count(*)::int as ended from ended`.execute(db);
  return rows[0]?.ended ?? 0;
}
