import { sql } from "kysely";
import { channels } from "#contract/messages.ts";
import { messageLimits, type Queue, type QueuedSend } from "#contract/queue.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "../client.ts";
import { listAlerts } from "./alerts.ts";
import { isLaneReady } from "./lane-ready.ts";
import { laneRest } from "./lane-rest.ts";
import { firstRoundOfSend } from "./send-rounds.ts";
import { turnLimit } from "./turn-limit.ts";

/** Sends that are listed. The sums count every send. */
const listed = 200;
/** The number of executions that are read when many wake at once. */
const wokenAtMost = 10_000;

/**
 * Reads what a workspace has under way without counting its executions. Each send has a counter of active executions; the
 * places of its lanes say how many were not reached; the executions in hand are bounded by the turns there may be. The
 * rest waits. It needs the owner's login, because members may not read lanes and turns.
 */
export async function readQueue(db: Db, { workspaceId }: { workspaceId: string }): Promise<Queue> {
  return db
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute(async (tx) => {
      const lanes = Map.groupBy(await readLanes(tx, workspaceId), ({ send_id }) => send_id);
      const woken = Map.groupBy(await readWoken(tx, workspaceId), ({ send_id }) => send_id);
      const sends = await readSends(tx, { workspaceId, busy: [...new Set([...lanes.keys(), ...woken.keys()])] });
      const places = sends.map((send) => toQueuedSend(send, lanes.get(send.id) ?? [], woken.get(send.id) ?? []));
      const { active, stopped } = await readActive(tx, workspaceId);
      // All other sends only wait, so the sums of these are the sums of all.
      const sum = (pick: (send: QueuedSend) => number) => places.reduce((all, send) => all + pick(send), 0);
      const executing = sum((send) => send.executing);
      const queued = sum((send) => send.queued);
      const held = stopped - sum((send) => (send.state === "paused" ? send.executing : 0));
      return {
        active,
        executing,
        queued,
        waiting: active - executing - queued - held,
        held,
        ...(await readWorkspace(tx, workspaceId)),
        channels: await readChannels(tx, workspaceId),
        sends: places.slice(0, listed),
        alerts: await listAlerts(tx, { workspaceId }),
      };
    });
}

interface SendRow {
  id: string;
  flow_name: string;
  state: QueuedSend["state"];
  is_test: boolean;
  created_at: Date;
  start: QueuedSend["start"];
  first_round_at: Date | null;
  expected: number;
  enrolled: number;
  active: number;
  chunk_size: number;
  lanes: number;
  is_enrolling: boolean;
  has_lanes: boolean;
  /** How many were enrolled behind the few with whom it begins, while these wait. */
  behind_few: number | null;
}

const activeOf = sql<number>`(s.enrolled - s.completed - s.failed - s.partial_failure - s.cancelled)`;
/** Of a canary `k`: who waits behind its few. */
const behindFew = sql<number>`(s.enrolled - coalesce(k.few, 0))`;

/** The newest sends that are under way, and all of them that have work now. A workspace may have a hundred thousand that wait. */
async function readSends(db: Db, { workspaceId, busy }: { workspaceId: string; busy: readonly string[] }): Promise<SendRow[]> {
  const { rows } = await sql<SendRow>`
    with chosen as (
      (select id from flow_sends where workspace_id = ${workspaceId} and ended_at is null order by created_at desc, id desc limit ${listed})
      union
      select id from flow_sends where workspace_id = ${workspaceId} and ended_at is null and id = any(${[...busy]}::uuid[])
    )
    select s.id, f.name as flow_name, s.state, s.is_test, s.created_at, s.start, ${firstRoundOfSend} as first_round_at, s.expected, s.enrolled, s.chunk_size, s.lanes,
      ${activeOf} as active, s.enrolled_at is null as is_enrolling, s.start ->> 'zone' is distinct from 'contact' as has_lanes,
      (select ${behindFew} from send_canaries k where k.send_id = s.id and k.opened_at is null) as behind_few
    from chosen join flow_sends s on s.workspace_id = ${workspaceId} and s.id = chosen.id
      join private.flow_names f on f.workspace_id = s.workspace_id and f.id = s.flow_id
    order by s.created_at desc, s.id desc`.execute(db);
  return rows;
}

/** The executions under way of all sends, and those that their sends hold: of paused ones all, behind the few of others the rest. */
async function readActive(db: Db, workspaceId: string): Promise<{ active: number; stopped: number }> {
  const { rows } = await sql<{ active: number; stopped: number }>`
    select coalesce(sum(${activeOf}), 0)::int as active,
      coalesce(sum(case when s.state = 'paused' then ${activeOf} else (
        select least(${activeOf}, ${behindFew}) from send_canaries k where k.send_id = s.id and k.opened_at is null) end)
        filter (where s.state in ('enrolling', 'canary', 'paused')), 0)::int as stopped
    from flow_sends s where s.workspace_id = ${workspaceId} and s.ended_at is null`.execute(db);
  return rows[0] ?? { active: 0, stopped: 0 };
}

interface LaneRow {
  send_id: string;
  lane: number;
  from_seq: number;
  /** The end of the portion that a turn holds; null while none does. */
  taken_to: number | null;
  /**
   * Whether its moment has come. This is less than isLaneReady asks: contacts behind a lane that a turn holds, or whose
   * chunk is not enrolled yet, are queued all the same.
   */
  is_due: boolean;
}

/** The lanes of sends of which one is due or at work. */
async function readLanes(db: Db, workspaceId: string): Promise<LaneRow[]> {
  const { rows } = await sql<LaneRow>`
    with places as (
      select l.send_id, l.lane, l.from_seq, l.ready_at <= clock_timestamp() as is_due, case when t.id is not null then l.upto_seq end as taken_to
      from private.send_lanes l left join private.turns t on t.id = l.turn_id
      where l.workspace_id = ${workspaceId}
    )
    select * from places where send_id in (select send_id from places where is_due or taken_to is not null)`.execute(db);
  return rows;
}

interface WokenRow {
  send_id: string;
  is_taken: boolean;
  executions: number;
}

/** Counts executions whose wake-up is due, and those that a turn took because of it. Both are at the front of the index of due times. */
async function readWoken(db: Db, workspaceId: string): Promise<WokenRow[]> {
  const { rows } = await sql<WokenRow>`
    with due as materialized (
      select w.flow_execution_id, t.id is not null as is_taken
      from wake_ups w left join private.turns t on t.id = w.turn_id
      where w.workspace_id = ${workspaceId} and w.due_at <= (select clock_timestamp() + interval '10 seconds')
        and (t.id is not null or w.due_at <= (select clock_timestamp()))
      order by w.due_at limit ${wokenAtMost}
    )
    select e.send_id, due.is_taken, count(*)::int as executions
    from due
    -- Lateral with offset 0 looks up one row at a time. For a plain join the planner expects thousands of rows and reads
    -- all executions to find a handful.
    cross join lateral (select send_id from flow_executions where id = due.flow_execution_id offset 0) e
    group by e.send_id, due.is_taken`.execute(db);
  return rows;
}

function toQueuedSend(send: SendRow, lanes: readonly LaneRow[], woken: readonly WokenRow[]): QueuedSend {
  const shape = { chunkSize: send.chunk_size, lanes: send.lanes, enrolled: send.enrolled };
  const count = (isTaken: boolean) => woken.filter((row) => row.is_taken === isTaken).reduce((all, row) => all + row.executions, 0);
  let executing = count(true);
  let queued = count(false);
  for (const { from_seq, taken_to, is_due } of lanes) {
    const taken = taken_to === null ? 0 : Math.max(0, Math.min(taken_to, send.enrolled) - from_seq);
    executing += taken;
    if (is_due || taken > 0) queued += laneRest(from_seq, shape) - taken;
  }
  // While a send is being enrolled its first lane is at work; the others are added with the last page.
  if (send.is_enrolling && send.has_lanes && lanes.some(({ is_due }) => is_due)) {
    for (let lane = 0; lane < send.lanes; lane += 1) {
      if (!lanes.some((row) => row.lane === lane)) queued += laneRest(lane * send.chunk_size, shape);
    }
  }
  executing = Math.min(executing, send.active);
  const behind = Math.min(send.active - executing, send.behind_few ?? 0);
  queued = Math.min(queued, send.active - executing - (send.state === "paused" ? 0 : behind));
  const rest = send.active - executing - queued;
  const isPaused = send.state === "paused";
  return {
    id: send.id,
    flowName: send.flow_name,
    state: send.state,
    isTest: send.is_test,
    createdAt: send.created_at.toISOString(),
    start: send.start,
    firstRoundAt: send.first_round_at?.toISOString() ?? null,
    total: send.expected,
    active: send.active,
    executing,
    queued: isPaused ? 0 : queued,
    waiting: isPaused ? 0 : rest - behind,
    held: isPaused ? queued + rest : behind,
  };
}

async function readWorkspace(db: Db, workspaceId: string) {
  const { rows } = await sql<{
    now: Date;
    limit: number;
    per_contact_day: number | null;
    per_hour: number | null;
    hour_used: number | null;
    next_hour_at: Date | null;
    per_day: number | null;
    day_used: number | null;
    next_day_at: Date | null;
    used: number;
    unknown: number;
    workers: number;
    oldest: number;
  }>`
    select clock_timestamp() as now,
      ${turnLimit(sql`l.lanes`)} as limit, l.messages_per_contact_day as per_contact_day, l.messages_per_hour as per_hour,
      case when l.hour_from > clock_timestamp() - interval '1 hour' then l.hour_used end as hour_used,
      case when l.hour_from > clock_timestamp() - interval '1 hour' then l.hour_from + interval '1 hour' end as next_hour_at,
      l.messages_per_day as per_day, case when l.day_from > clock_timestamp() - interval '1 day' then l.day_used end as day_used,
      case when l.day_from > clock_timestamp() - interval '1 day' then l.day_from + interval '1 day' end as next_day_at,
      (select count(*)::int from private.turns where workspace_id = ${workspaceId} and not is_quick) as used,
      (select count(*)::int from private.unknown_messages where workspace_id = ${workspaceId} and became_at > now() - interval '1 day') as unknown,
      (select count(*)::int from private.workers where seen_at > clock_timestamp() - interval '10 seconds') as workers,
      ${oldestDue(sql`${workspaceId}`)} as oldest
    from (select) one left join private.workspace_limits l on l.workspace_id = ${workspaceId}`.execute(db);
  const row = rows[0] as (typeof rows)[0];
  return {
    at: row.now.toISOString(),
    unknownMessages: row.unknown,
    workers: row.workers,
    oldestDueSeconds: Math.round(row.oldest * 10) / 10,
    lanes: { limit: row.limit, used: row.used },
    messages: {
      perContactDay: row.per_contact_day ?? messageLimits.perContactDay.usual,
      perHour: row.per_hour ?? messageLimits.perHour.usual,
      usedThisHour: row.hour_used ?? 0,
      nextHourAt: row.next_hour_at?.toISOString() ?? null,
      perDay: row.per_day ?? messageLimits.perDay.usual,
      usedThisDay: row.day_used ?? 0,
      nextDayAt: row.next_day_at?.toISOString() ?? null,
    },
  };
}

/** Seconds for which the oldest due work of a workspace has been due, among its wake-ups and its lanes that are ready. */
export const oldestDue = (workspaceId: ReturnType<typeof sql>) => sql<number>`(
  select greatest(0, extract(epoch from clock_timestamp() - least(clock_timestamp(),
    (select w.due_at from wake_ups w where w.workspace_id = ${workspaceId} order by w.due_at limit 1),
    (select min(greatest(l.ready_at, l.served_at)) from private.send_lanes l join flow_sends s on s.id = l.send_id
      where l.workspace_id = ${workspaceId} and ${isLaneReady(sql`(select clock_timestamp())`)}))))::float8)`;

async function readChannels(db: Db, workspaceId: string): Promise<Queue["channels"]> {
  const { rows } = await sql<{
    channel: string;
    per_minute: number | null;
    free: number | null;
    closed_until: Date | null;
    reason: Reason | null;
    text: string | null;
    since: Date | null;
  }>`
    select channel, per_minute, case when failures > 0 then trouble_reason end as reason, trouble_text as text, trouble_since as since, case when closed_until > clock_timestamp() then closed_until end as closed_until,
      floor(private.bucket_filled(tokens, refilled_at, per_minute, clock_timestamp()))::int as free
    from private.channel_gates where workspace_id = ${workspaceId}`.execute(db);
  return channels.map((channel) => {
    const row = rows.find((candidate) => candidate.channel === channel);
    return {
      channel,
      perMinute: row?.per_minute ?? null,
      free: row?.free === null || row === undefined ? null : Math.max(0, row.free),
      closedUntil: row?.closed_until?.toISOString() ?? null,
      trouble: row?.reason && row.since ? { reason: row.reason, text: row.text ?? "", since: row.since.toISOString() } : null,
    };
  });
}
