import { sql } from "kysely";
import type { SendPatch } from "#contract/send-changes.ts";
import type { Drip, SendStart } from "#contract/sends.ts";
import type { Tx } from "#db/client.ts";
import { hasOpenCanary, isOfFew } from "#db/queries/send-going.ts";
import type { Clock } from "../base/clock.ts";

export interface CurrentStart {
  /** The time zone of the start: the workspace's or each contact's. Null when the send begins at once. */
  zone: SendStart["zone"] | null;
  has_begun: boolean;
}

export async function readStart(tx: Tx, sendId: string): Promise<CurrentStart> {
  const { rows } = await sql<CurrentStart>`
    select start ->> 'zone' as zone, exists (select from flow_executions e where e.send_id = s.id and e.status <> 'pending'
      and not (${hasOpenCanary(sql`s.id`)} and ${isOfFew(sql`e.id`)})) as has_begun
    from flow_sends s where id = ${sendId}::uuid`.execute(tx);
  return rows[0] as CurrentStart;
}

/** The moments of a send between which its messages leave. */
interface NewStart {
  /** The earliest start of anybody; null where it begins at once. On the contacts' own clocks that is where the day begins first. */
  startAt: Date | null;
  notLaterThan: Date | null;
  now: Date;
  /** Minutes for which the first contacts will be watched; null where nobody waits for them. */
  watchedMinutes: number | null;
}

/** Writes the start of a send; null begins it at once. */
export async function writeStart(tx: Tx, sendId: string, start: SendPatch["start"], clock: Clock): Promise<NewStart> {
  const first = start?.zone === "contact" ? sql`${start.at}::timestamp at time zone 'Etc/GMT-14'` : sql`start_at`;
  const { rows } = await sql<NewStart>`
    update flow_sends s set start = ${start ? JSON.stringify(start) : null}::jsonb, start_at = t.at, next_at = case when t.at > ${clock.now} then t.at end
    from (select case when ${start?.zone === "workspace"} then ${start?.at ?? null}::timestamp at time zone w.time_zone end as at
      from workspaces w join flow_sends f on f.workspace_id = w.id where f.id = ${sendId}::uuid) t
    where s.id = ${sendId}::uuid
    returning ${first} as "startAt", not_later_than as "notLaterThan", ${clock.now} as now,
      (select k.minutes from send_canaries k where k.workspace_id = s.workspace_id and k.send_id = s.id and k.opened_at is null) as "watchedMinutes"`.execute(
    tx,
  );
  return rows[0] as NewStart;
}

/** Writes the drip of a send; null ends it. No round is waited for any more, but the start still is. */
export async function writeDrip(tx: Tx, sendId: string, drip: Drip | null, clock: Clock): Promise<void> {
  await sql`update flow_sends set drip = ${drip ? JSON.stringify(drip) : null}::jsonb,
    next_at = case when start_at > ${clock.now} then start_at end where id = ${sendId}::uuid`.execute(tx);
}

/**
 * Locks the lanes of a send and, where its executions or the few of them have wake-ups of their own, the pending ones of these. It never waits:
 * whoever holds one of them may be waiting for the row of the send, which this transaction has locked. Returns whether it got all.
 */
export async function lockWaiting(tx: Tx, sendId: string, executions: "none" | "few" | "all"): Promise<boolean> {
  const pending = sql`${executions !== "none"}::boolean and send_id = ${sendId}::uuid and status = 'pending'
    and (${executions === "all"}::boolean or ${isOfFew(sql`flow_executions.id`)})`;
  const { rows } = await sql<{ all: boolean }>`
    with lanes as materialized (
      select from private.send_lanes where send_id = ${sendId}::uuid for update skip locked
    ), executions as materialized (
      select id from flow_executions where ${pending} for no key update skip locked
    ), wake_ups_of as materialized (
      select from wake_ups where flow_execution_id in (select id from executions) for update skip locked
    )
    select (select count(*) from lanes) = (select count(*) from private.send_lanes where send_id = ${sendId}::uuid)
      and (select count(*) from executions) = (select count(*) from flow_executions where ${pending})
      and (select count(*) from wake_ups_of)
        = (select count(*) from wake_ups where flow_execution_id in (select id from executions)) as all`.execute(tx);
  return rows[0]?.all === true;
}

/**
 * Moves the wake-ups of a send that begins on each contact's own clock. Contacts that are not enrolled yet get the new
 * time when they are.
 */
export async function moveWakeUps(tx: Tx, sendId: string, at: string | null, clock: Clock): Promise<void> {
  await sql`
    with moved as (
      update flow_executions e set wake_at = greatest(s.undo_until, ${clock.now}, ${at}::timestamp at time zone
        coalesce((select z.name from pg_timezone_names z where z.name = c.time_zone), w.time_zone))
      from flow_sends s join workspaces w on w.id = s.workspace_id, contacts c
      where s.id = ${sendId}::uuid and e.send_id = s.id and e.status = 'pending' and c.workspace_id = e.workspace_id and c.id = e.contact_id
      returning e.id, e.wake_at
    )
    update wake_ups u set due_at = moved.wake_at from moved where u.flow_execution_id = moved.id`.execute(tx);
}

/** Lets the lanes of a send go on at once, but not before its start or within the time for undoing. */
export async function readyLanes(tx: Tx, sendId: string): Promise<void> {
  await sql`
    update private.send_lanes l set ready_at = greatest(s.created_at, s.undo_until, s.start_at) from flow_sends s
    where s.id = ${sendId}::uuid and l.send_id = s.id`.execute(tx);
}

/** Moves the moment before which nothing of an approved send is enrolled. One that begins at once is found due by the next look. */
export async function movePlanned(tx: Tx, { workspaceId, sendId }: { workspaceId: string; sendId: string }, clock: Clock): Promise<void> {
  await sql`
    update flow_sends set enroll_after = coalesce(
      case start ->> 'zone' when 'contact' then (start ->> 'at')::timestamp at time zone 'Etc/GMT-14' else start_at end, ${clock.now})
    where workspace_id = ${workspaceId} and id = ${sendId}::uuid and enroll_after is not null`.execute(tx);
}
