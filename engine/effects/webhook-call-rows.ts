import { sql } from "kysely";
import { storableJson } from "#contract/storable.ts";
import type { Db } from "#db/client.ts";
import { isGoing } from "#db/queries/send-going.ts";
import { textArray, uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import type { HttpAnswer, HttpRequest } from "../flow/node-executor.ts";

/** The lease of a call that is being made. The worker renews it while the call takes longer. */
export const callLeaseSeconds = 15;

/** A try of a call: the execution that waits for it and the id of the try. */
export interface CallTry {
  executionId: string;
  callId: string;
}

const tries = (calls: readonly CallTry[]) => sql`unnest(${uuidArray(calls.map(({ executionId }) => executionId))}::uuid[],
  ${textArray(calls.map(({ callId }) => callId))}::text[]) as i (id, call_id)`;

const lease = (clock: Clock) => sql`${clock.now} + ${callLeaseSeconds} * interval '1 second'`;

export interface CallRow {
  flow_execution_id: string;
  call: { id: string; request: HttpRequest; answer?: HttpAnswer };
  leased: boolean;
}

export async function readCalls(db: Db, ids: readonly string[], clock: Clock): Promise<CallRow[]> {
  const { rows } = await sql<CallRow>`
    select flow_execution_id, call, coalesce(call_lease > ${clock.now}, false) as leased
    from wake_ups where flow_execution_id = any(${uuidArray(ids)}::uuid[]) and call is not null`.execute(db);
  return rows;
}

/**
 * Claims calls that are to be made now, and returns the executions whose calls were claimed. As with messages the send is
 * locked against a stop until this is committed, so no call begins after a stop or a pause was answered. A call that is
 * missing was ended, stopped or paused, or another worker has it.
 */
export async function claimCalls(db: Db, calls: readonly (CallTry & { sendId: string })[], clock: Clock): Promise<Set<string>> {
  const sendIds = [...new Set(calls.map(({ sendId }) => sendId))];
  const { rows } = await sql<{ id: string }>`
    with open_sends as materialized (
      select id from flow_sends where id = any(${uuidArray(sendIds)}::uuid[]) and ${isGoing()} order by id for key share
    )
    update wake_ups w set call_lease = ${lease(clock)}, due_at = ${lease(clock)}, turn_id = null
    from ${tries(calls)}, flow_executions e
    where w.flow_execution_id = i.id and w.call ->> 'id' = i.call_id and not w.call ? 'answer'
      and (w.call_lease is null or w.call_lease <= ${clock.now})
      and e.id = i.id and e.status = 'running' and e.cancel_reason is null and e.send_id in (select id from open_sends)
    returning w.flow_execution_id as id`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** Renews the leases of calls that are under way or queued in this process. */
export async function renewCalls(db: Db, calls: readonly CallTry[], clock: Clock): Promise<void> {
  await sql`
    update wake_ups w set due_at = ${lease(clock)}, call_lease = case when w.call_lease is null then null else ${lease(clock)} end
    from ${tries(calls)} where w.flow_execution_id = i.id and w.call ->> 'id' = i.call_id and not w.call ? 'answer'`.execute(db);
}

/** Frees calls that this process will not make after all, so that another may make them at once. */
export async function giveUpCalls(db: Db, calls: readonly CallTry[], clock: Clock): Promise<void> {
  await sql`
    update wake_ups w set due_at = ${clock.now}
    from ${tries(calls)} where w.flow_execution_id = i.id and w.call ->> 'id' = i.call_id and not w.call ? 'answer'
      and (w.call_lease is null or w.call_lease <= ${clock.now})`.execute(db);
}

/** Puts the answers beside the wake-ups, which are due now. The first answer to a try counts. */
export async function saveAnswers(db: Db, answers: readonly (CallTry & { answer: HttpAnswer })[], clock: Clock): Promise<void> {
  await sql`
    update wake_ups w set call = w.call || jsonb_build_object('answer', i.answer::jsonb), call_lease = null, due_at = ${clock.now},
      turn_id = null
    from unnest(${uuidArray(answers.map(({ executionId }) => executionId))}::uuid[], ${textArray(answers.map(({ callId }) => callId))}::text[],
      ${textArray(answers.map(({ answer }) => storableJson(answer)))}::text[]) as i (id, call_id, answer)
    where w.flow_execution_id = i.id and w.call ->> 'id' = i.call_id and not w.call ? 'answer'`.execute(db);
}
