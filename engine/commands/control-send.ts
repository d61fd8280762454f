import { isSendOver } from "#contract/sends.ts";
import type { Tx } from "#db/client.ts";
import { insertAuditEntry } from "#db/queries/audit-log.ts";
import { turnsPerWorker } from "#db/queries/turn-limit.ts";
import { breakPoint } from "../base/break-point.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import { forgetAsked, forgetOwnValues, writeDecision } from "../enrollment/approval-rows.ts";
import { stopChildren } from "../enrollment/child-execution-rows.ts";
import { findLastEnrolled } from "../enrollment/enroll-page-rows.ts";
import { closeIfDone } from "../execution/counter-rows.ts";
import { unparkWakeUps } from "../execution/unpark-rows.ts";
import { enrollJob, finishStoppedSendJob, turnJobs } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";
import type { OfSend, StopCount } from "../send-api.ts";
import { countStop, type LockedSend, lockSendRow, writeState } from "./control-send-rows.ts";

/*
 * The states of a send and who moves it:
 *
 *   enrolling ──last page──▶ running ──last execution──▶ done
 *       │   └─▶ canary ─────────▲          canary:  only the few go on (enrollment/draw-canary.ts, tend-canaries.ts)
 *       └──────────┬────────────┘
 *          pause   │   ▲ resume            paused:  nothing leaves; enrolling and delays go on
 *                  ▼   │
 *                paused                    undone:  by its `undo_until`, before anything can have left
 *   any of them ──stop──▶ stopped          stopped: from the answer on nothing leaves but what is in flight
 *   awaiting_approval: see approve-send.ts. Stopping and undoing withdraw it; there is nothing to pause yet.
 *
 * Each is one update under a lock that waits for claims on their way (see messages/claim-rows.ts). The
 * job `finish_stopped_send` writes the consequences into the rows.
 */

/** Locks a send as `lockSendRow` does. @throws EngineRefusal send_not_found */
export async function lockSend(tx: Tx, input: Omit<OfSend, "actor">, { clock }: Pick<EngineContext, "clock">): Promise<LockedSend> {
  const send = await lockSendRow(tx, input, clock);
  if (!send) throw new EngineRefusal("send_not_found", "This send does not exist in this workspace.");
  return send;
}

const over = (what: string) => new EngineRefusal("send_over", `This send is over; there is nothing left to ${what}.`);

/** @throws EngineRefusal awaiting_approval */
export function refuseWaiting({ state }: Pick<LockedSend, "state">): void {
  if (state !== "awaiting_approval") return;
  throw new EngineRefusal(
    "awaiting_approval",
    "This send waits for approval and nothing of it has begun. It can be approved, refused or withdrawn; to change it, withdraw it and ask again.",
  );
}

export async function pauseSend(context: EngineContext, input: OfSend): Promise<void> {
  await context.db.transaction().execute(async (tx) => {
    const send = await lockSend(tx, input, context);
    if (isSendOver(send.state)) throw over("pause");
    refuseWaiting(send);
    if (send.state !== "paused") await writeState(tx, input, "paused", context.clock);
  });
}

export async function resumeSend(context: EngineContext, input: OfSend): Promise<void> {
  const { clock } = context;
  await transactThenRing(context, async (tx, ring) => {
    const send = await lockSend(tx, input, context);
    if (isSendOver(send.state)) throw over("resume");
    refuseWaiting(send);
    if (send.state !== "paused") return;
    await writeState(tx, input, send.all_in ? (send.holds_rest ? "canary" : "running") : "enrolling", clock);
    await closeIfDone(tx, input.sendId, clock);
    await unparkWakeUps(tx, input.sendId, clock);
    ring([...turnJobs(input.workspaceId, { quick: true }), ...turnJobs(input.workspaceId, { quick: false, turns: turnsPerWorker })]);
  });
}

export async function stopSend(context: EngineContext, input: OfSend): Promise<StopCount> {
  return endSend(context, input, "stopped", {
    check: (send) => {
      if (isSendOver(send.state)) throw over("stop");
    },
  });
}

export async function undoSend(context: EngineContext, input: OfSend): Promise<StopCount> {
  return endSend(context, input, "undone", {
    check: (send) => {
      if (isSendOver(send.state)) throw over("undo");
      if (!send.may_undo && send.state !== "awaiting_approval") {
        throw new EngineRefusal("undo_over", "The time to undo this send is over: messages may have left. You can still stop it.");
      }
    },
  });
}

/** `decide`: what else is written of a send that waits for approval. Left out, it is withdrawn. */
export async function endSend(
  context: EngineContext,
  input: OfSend,
  state: "stopped" | "undone",
  { check, decide }: { check: (send: LockedSend) => void; decide?: (tx: Tx) => Promise<void> },
): Promise<StopCount> {
  const count = await context.db.transaction().execute(async (tx) => {
    const send = await lockSend(tx, input, context);
    check(send);
    await writeState(tx, input, state, context.clock);
    if (decide) await decide(tx);
    else if (send.state === "awaiting_approval") await withdraw(tx, input, context);
    else if (!send.all_in) await forgetOwnValues(tx, input);
    const account = await countStop(tx, input.sendId, send, context.clock);
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

async function withdraw(tx: Tx, { workspaceId, sendId, actor }: OfSend, { clock }: EngineContext): Promise<void> {
  await writeDecision(tx, { workspaceId, sendId, actor, state: "withdrawn", comment: null }, clock);
  await forgetAsked(tx, { workspaceId, sendId });
  const { id: actorId, name: actorName } = actor;
  await insertAuditEntry(tx, { workspaceId, actorId, actorName, action: "send.withdraw", subjectId: sendId });
}
