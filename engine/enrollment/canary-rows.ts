import { sql } from "kysely";
import type { CanaryTerms } from "#contract/send-canary.ts";
import type { Drip } from "#contract/sends.ts";
import type { Tx } from "#db/client.ts";
import { numberArray, uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import { goesOneByOne } from "../execution/one-by-one-rows.ts";

export async function insertCanary(
  tx: Tx,
  canary: CanaryTerms & { sendId: string; workspaceId: string; hasMessages: boolean },
): Promise<void> {
  await tx
    .insertInto("send_canaries")
    .values({
      send_id: canary.sendId,
      workspace_id: canary.workspaceId,
      contacts: canary.contacts,
      percent: canary.percent,
      minutes: canary.minutes,
      failure_percent: canary.failurePercent,
      opt_out_percent: canary.optOutPercent,
      has_messages: canary.hasMessages,
    })
    .execute();
}

/** What decides when the few begin. */
export interface FewSchedule {
  contacts: number | null;
  percent: number | null;
  /** How many executions have not begun. */
  pending: number;
  drip: Drip | null;
  /** The workspace's time zone. */
  zone: string;
  /** Each contact begins by their own clock, which their executions say. */
  by_contact: boolean;
  /** Nobody begins before; in milliseconds since 1970. */
  from: number;
  /** The schedule as it was read, to tell whether it is another one by now. */
  mark: string;
}

/** Of a canary `k`: when the last of its few that have not begun does. */
const lastBegin = sql`coalesce((select max(e.wake_at) from canary_executions c join flow_executions e on e.id = c.flow_execution_id
  where c.send_id = k.send_id and e.status = 'pending'), k.few_begin_by)`;

const schedule = sql`concat_ws(' ', s.start, s.start_at, s.undo_until, s.drip)`;

/** Reads what decides when the few of a send begin; undefined where it begins with everybody, or the rest follows already. */
export async function readFewSchedule(tx: Tx, sendId: string, clock: Clock): Promise<FewSchedule | undefined> {
  const { rows } = await sql<FewSchedule>`
    select k.contacts, k.percent, s.drip, w.time_zone as zone, s.start ->> 'zone' is not distinct from 'contact' as by_contact,
      extract(epoch from greatest(${clock.now}, s.undo_until, s.start_at))::float8 * 1000 as from, ${schedule} as mark,
      (select count(*)::int from flow_executions e where e.send_id = s.id and e.status = 'pending') as pending
    from send_canaries k join flow_sends s on s.id = k.send_id join workspaces w on w.id = s.workspace_id
    where k.send_id = ${sendId}::uuid and k.opened_at is null`.execute(tx);
  return rows[0];
}

/**
 * Draws the few of a send, in the order in which they begin: one of each of as many equal parts of the audience, the same one
 * whenever it is drawn. Where each contact begins by their own clock, they are drawn among those who begin first, so that the others
 * need not wait for the last zone of the earth.
 */
export async function drawFew(tx: Tx, { sendId, few }: { sendId: string; few: number }): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with pending as materialized (
      select id, workspace_id, seq, contact_id, wake_at from flow_executions where send_id = ${sendId}::uuid and status = 'pending'
    ), pool as materialized (
      select id, workspace_id, contact_id, wake_at, seq, (row_number() over (order by seq) - 1) * ${few}::bigint / count(*) over () as part
      from pending
      where wake_at is null or wake_at <= (select max(wake_at) from (select wake_at from pending order by wake_at limit ${few}::int) first)
    ), drawn as materialized (
      select distinct on (part) id, workspace_id, wake_at, seq from pool
      order by part, hashtextextended(contact_id::text, hashtextextended(${sendId}, 0)), seq
    ), kept as (
      insert into canary_executions (flow_execution_id, send_id, workspace_id) select id, ${sendId}::uuid, workspace_id from drawn
    )
    select id from drawn order by wake_at, seq`.execute(tx);
  return rows.map(({ id }) => id);
}

/** The few that have not begun, in the order in which they are to. */
export async function listWaitingFew(tx: Tx, sendId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select e.id from canary_executions c join flow_executions e on e.id = c.flow_execution_id
    where c.send_id = ${sendId}::uuid and e.status = 'pending' order by e.wake_at, e.seq`.execute(tx);
  return rows.map(({ id }) => id);
}

/**
 * Sets the moments at which executions that have not begun are woken. One that begins by its contact's own clock keeps its moment, if
 * it is later.
 */
export async function wakeAt(
  tx: Tx,
  sendId: string,
  few: { ids: readonly string[]; moments: readonly number[]; byContact: boolean },
): Promise<void> {
  await sql`
    with moved as (
      update flow_executions e set wake_at = case when ${few.byContact}::boolean then greatest(e.wake_at, i.at) else i.at end
      from (select id, to_timestamp(at / 1000) as at from unnest(${uuidArray(few.ids)}::uuid[], ${numberArray(few.moments)}::float8[]) as u (id, at)) i
      where e.id = i.id and e.status = 'pending'
      returning e.id, e.workspace_id, e.flow_version_id, e.wake_at
    )
    insert into wake_ups (flow_execution_id, workspace_id, flow_version_id, due_at, node_id, one_by_one)
    select moved.id, moved.workspace_id, moved.flow_version_id, moved.wake_at, '', ${goesOneByOne}
    from moved join flow_sends s on s.id = ${sendId}::uuid
    on conflict (flow_execution_id) do update set due_at = excluded.due_at`.execute(tx);
}

/**
 * Begins the canary of a send whose row this transaction holds: the few are drawn. The last round of a drip counts those of them who
 * begin in it.
 *
 * @returns false when the schedule is not the one by which they were drawn
 */
export async function beginWithFew(
  tx: Tx,
  sendId: string,
  drawn: { few: number; mark: string; round: { at: number; used: number } | null },
): Promise<boolean> {
  const { round } = drawn;
  const { rows } = await sql`
    with begun as (
      update flow_sends s set state = case when s.state = 'running' then 'canary' else s.state end,
        drip_round_at = ${round === null ? sql`s.drip_round_at` : sql`to_timestamp(${round.at / 1000}::float8)`},
        drip_used = ${round === null ? sql`s.drip_used` : sql`${round.used}::int`}
      where s.id = ${sendId}::uuid and ${schedule} = ${drawn.mark} returning s.id
    )
    update send_canaries k set few = ${drawn.few}, few_begin_by = ${lastBegin}
    from begun where k.send_id = begun.id returning 1`.execute(tx);
  return rows.length === 1;
}

/** Writes anew when the last of the few begins, after their moments were changed. */
export async function writeFewBeginBy(tx: Tx, sendId: string): Promise<void> {
  await sql`update send_canaries k set few_begin_by = ${lastBegin} where k.send_id = ${sendId}::uuid and k.few is not null`.execute(tx);
}

/** Lets the rest of a send follow its few. Returns whether this call did it. The row of the send is held. */
export async function writeOpened(
  tx: Tx,
  sendId: string,
  { by, name }: { by: "itself" | "person" | "too_few"; name: string | null },
  clock: Clock,
): Promise<boolean> {
  const { rows } = await sql`
    with opened as (
      update send_canaries set opened_at = ${clock.now}, opened_by = ${by}, opened_by_name = ${name}::text
      where send_id = ${sendId}::uuid and opened_at is null returning send_id
    )
    update flow_sends s set state = case when s.state = 'canary' then 'running' else s.state end from opened
    where s.id = opened.send_id returning 1`.execute(tx);
  return rows.length === 1;
}
