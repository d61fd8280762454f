import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import { isSendOver, type SendState } from "#contract/sends.ts";
import type { Tx } from "#db/client.ts";
import { breakPoint } from "../base/break-point.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { OfSend, StopCount } from "../engine-api.ts";
import type { EngineContext } from "../engine-context.ts";
import { stopChildren } from "../enrollment/child-execution-rows.ts";
import { findLastEnrolled } from "../enrollment/enroll-page-rows.ts";
import { closeIfDone } from "../execution/counter-rows.ts";
import { enrollJob, finishStoppedSendJob, turnJobs } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";

/**
 * The states of a send and who moves it:
 *
 *   enrolling ──last page──▶ running ──last execution──▶ done
 *       └──────────┬────────────┘
 *          pause   │   ▲ resume            paused:  nothing leaves; enrolling and delays go on
 *                  ▼   │
 *                paused                    undone:  by its `undo_until`, before anything can have left
 *   any of them ──stop──▶ stopped          stopped: from the answer on nothing leaves but what is in flight
 *
 * Each is one update under a lock that waits for claims on their way (see claim-messages.ts). The job
 * `finish_stopped_send` writes the consequences into the rows.
 */
interface LockedSend {
  state: SendState;
  expected: number;
  enrolled: number;
  not_enrolled: number;
  ended: number;
  all_in: boolean;
  is_over: boolean;
  may_undo: boolean;
}

/** Locks the send against claims: while the lock is held, no message of the send becomes `sending`. @throws EngineRefusal send_not_found */
export async function lockSend(
  tx: Tx,
  { workspaceId, sendId }: Omit<OfSend, "actor">,
  { clock }: Pick<EngineContext, "clock">,
): Promise<LockedSend> {
  const { rows } = await sql<LockedSend>`
    select state, expected, enrolled, not_enrolled, completed + failed + partial_failure + cancelled as ended, enrolled_at is not null as all_in,
      undo_until is not null and undo_until > ${clock.now} as may_undo
    from flow_sends where id = ${sendId}::uuid and workspace_id = ${workspaceId} for update`.execute(tx);
  const [send] = rows;
  if (!send) throw new EngineRefusal("send_not_found", "This send does not exist in this workspace.");
  return send;
}

const over = (what: string) => new EngineRefusal("send_over", `This send is over; there is nothing left to ${what}.`);

async function setState(tx: Tx, { sendId, actor }: OfSend, state: SendState, { clock }: EngineContext): Promise<void> {
  await sql`update flow_sends set state = ${state}, changed_at = ${clock.now}, changed_by = ${actor.id}::uuid, changed_by_name = ${actor.name}
    where id = ${sendId}::uuid`.execute(tx);
}

export async function pauseSend(context: EngineContext, input: OfSend): Promise<void> {
  await context.db.transaction().execute(async (tx) => {
    const send = await lockSend(tx, input, context);
    if (isSendOver(send.state)) throw over("pause");
    if (send.state !== "paused") await setState(tx, input, "paused", context);
  });
}

export async function resumeSend(context: EngineContext, input: OfSend): Promise<void> {
  const { clock } = context;
  await transactThenRing(context, async (tx, ring) => {
    const send = await lockSend(tx, input, context);
    if (isSendOver(send.state)) throw over("resume");
    if (send.state !== "paused") return;
    await setState(tx, input, send.all_in ? "running" : "enrolling", context);
    await closeIfDone(tx, input.sendId, clock);
    // Wake-ups that fell due during the pause are due now.
    await sql`
      update wake_ups w set due_at = ${clock.now} from flow_executions e
      where e.send_id = ${input.sendId}::uuid and e.status in ('pending', 'running') and e.wake_at <= ${clock.now}
        and w.flow_execution_id = e.id and w.due_at > ${clock.now} and w.turn_id is null`.execute(tx);
    ring([...turnJobs(input.workspaceId, { quick: true }), ...turnJobs(input.workspaceId, { quick: false, turns: 3 })]);
  });
}

export async function stopSend(context: EngineContext, input: OfSend): Promise<StopCount> {
  return endSend(context, input, "stopped", (send) => {
    if (isSendOver(send.state)) throw over("stop");
  });
}

export async function undoSend(context: EngineContext, input: OfSend): Promise<StopCount> {
  return endSend(context, input, "undone", (send) => {
    if (isSendOver(send.state)) throw over("undo");
    if (!send.may_undo) {
      throw new EngineRefusal("undo_over", "The time to undo this send is over: messages may have left. You can still stop it.");
    }
  });
}

async function endSend(
  context: EngineContext,
  input: OfSend,
  state: "stopped" | "undone",
  check: (send: LockedSend) => void,
): Promise<StopCount> {
  const count = await context.db.transaction().execute(async (tx) => {
    const send = await lockSend(tx, input, context);
    check(send);
    await setState(tx, input, state, context);
    const account = await countStop(tx, input.sendId, send);
    await closeIfDone(tx, input.sendId, context.clock);
    const children = await stopChildren(tx, input.sendId, input.actor, context.clock);
    await context.driver.wake(
      tx,
      [input.sendId, ...children].map((id) => finishStoppedSendJob(id)),
    );
    // The pages that would have enrolled the remaining contacts record why they were not.
    if (!send.all_in) {
      const done = send.enrolled + send.not_enrolled;
      await context.driver.wake(tx, [
        enrollJob({ id: input.sendId, expected: send.expected }, { after: await findLastEnrolled(tx, input.sendId), done }),
      ]);
    }
    return account;
  });
  await breakPoint("send-stopped");
  return count;
}

const listed = 100;

/** Counts what has left and what can still leave. It is exact, because the lock is held: only messages that are `sending` now can leave. */
async function countStop(tx: Tx, sendId: string, send: LockedSend): Promise<StopCount> {
  const { rows } = await sql<{ sent: number; in_flight: number; items: StopCount["items"] | null }>`
    with mine as materialized (
      select id, flow_execution_id, contact_id, channel, status from messages where send_id = ${sendId}::uuid
    ), flying as materialized (
      select distinct on (flow_execution_id) flow_execution_id, contact_id, channel from mine where status = 'sending' order by flow_execution_id, id
    )
    select (select count(*) from mine where status in ('sent', 'delivered', 'undelivered'))::int as sent,
      (select count(*) from flying)::int as in_flight,
      (select json_agg(json_build_object('executionId', f.flow_execution_id, 'contactId', f.contact_id, 'channel', f.channel))
        from (select * from flying limit ${listed}) f) as items`.execute(tx);
  const { sent = 0, in_flight = 0, items = null } = rows[0] ?? {};
  return {
    sent,
    ended: send.ended,
    inFlight: in_flight,
    stopped: send.enrolled - send.ended - in_flight,
    items: (items ?? []).map((item) => ({ ...item, channel: item.channel as Channel })),
  };
}
