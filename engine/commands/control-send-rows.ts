import { sql } from "kysely";
import { namesThatStay } from "#channels/stays-here.ts";
import type { Channel } from "#contract/messages.ts";
import type { SendState } from "#contract/sends.ts";
import type { Tx } from "#db/client.ts";
import { hasOpenCanary } from "#db/queries/send-going.ts";
import { textArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import { isCallUnrecorded, isUnrecorded } from "../execution/end-rows.ts";
import type { OfSend, StopCount } from "../send-api.ts";

export interface LockedSend {
  state: SendState;
  expected: number;
  enrolled: number;
  not_enrolled: number;
  ended: number;
  /** Whether the whole audience was looked at. */
  all_in: boolean;
  may_undo: boolean;
  lanes: number;
  /** Whether it begins with a few and the rest waits for how these go. */
  holds_rest: boolean;
}

/** Locks a send against claims: while the lock is held, no message of the send becomes `sending`. */
export async function lockSendRow(tx: Tx, { workspaceId, sendId }: Omit<OfSend, "actor">, clock: Clock): Promise<LockedSend | undefined> {
  const { rows } = await sql<LockedSend>`
    select state, expected, enrolled, not_enrolled, completed + failed + partial_failure + cancelled as ended, enrolled_at is not null as all_in,
      undo_until is not null and undo_until > ${clock.now} as may_undo, lanes, ${hasOpenCanary(sql`flow_sends.id`)} as holds_rest
    from flow_sends where id = ${sendId}::uuid and workspace_id = ${workspaceId} for update`.execute(tx);
  return rows[0];
}

export async function writeState(tx: Tx, { sendId, actor }: OfSend, state: SendState, clock: Clock): Promise<void> {
  await sql`update flow_sends set state = ${state}, enroll_after = case when ${state} not in ('stopped', 'undone') then enroll_after end, changed_at = ${clock.now}, changed_by = ${actor.id}::uuid, changed_by_name = ${actor.name},
      healing = case when ${state === "stopped" || state === "undone"} then healing || '{"stage": "over"}' else healing end
    where id = ${sendId}::uuid`.execute(tx);
}

const listed = 100;

/**
 * Counts what has left and what can still leave. It is exact, because the lock is held: only messages that are `sending` now can leave,
 * and no pass ends an execution of the send by what it saw before (`lockGoing`), so those that are counted as stopped do stop.
 */
export async function countStop(tx: Tx, sendId: string, send: LockedSend, clock: Clock): Promise<StopCount> {
  const isKeptHere = sql`provider = any(${textArray(namesThatStay)}::text[])`;
  const { rows } = await sql<{ sent: number; captured: number; in_flight: number; finishing: number; items: StopCount["items"] | null }>`
    with mine as materialized (
      select id, flow_execution_id, contact_id, channel, provider, status, visit from messages where send_id = ${sendId}::uuid
    ), flying as materialized (
      select distinct on (flow_execution_id) flow_execution_id, contact_id, channel from mine where status = 'sending' order by flow_execution_id, id
    ), finishing as materialized (
      select e.id from mine m join flow_executions e on e.id = m.flow_execution_id
      where e.status in ('pending', 'running') and ${isUnrecorded}
      union
      select e.id from flow_executions e join wake_ups w on w.flow_execution_id = e.id
      where e.send_id = ${sendId}::uuid and e.status = 'running' and e.waiting_for = 'call' and ${isCallUnrecorded(clock)}
      except
      select flow_execution_id from flying
    )
    select (select count(*) from mine where status in ('sent', 'delivered', 'undelivered') and not ${isKeptHere})::int as sent,
      (select count(*) from mine where status = 'sent' and ${isKeptHere})::int as captured,
      (select count(*) from flying)::int as in_flight, (select count(*) from finishing)::int as finishing,
      (select json_agg(json_build_object('executionId', f.flow_execution_id, 'contactId', f.contact_id, 'channel', f.channel))
        from (select * from flying limit ${listed}) f) as items`.execute(tx);
  const { sent = 0, captured = 0, in_flight = 0, finishing = 0, items = null } = rows[0] ?? {};
  return {
    sent,
    captured,
    ended: send.ended,
    inFlight: in_flight,
    finishing,
    stopped: send.enrolled - send.ended - in_flight - finishing,
    items: (items ?? []).map((item) => ({ ...item, channel: item.channel as Channel })),
  };
}
