import { setTimeout as sleep } from "node:timers/promises";
import type { SendPatch } from "#contract/send-changes.ts";
import { isSendOver } from "#contract/sends.ts";
import type { Tx } from "#db/client.ts";
import { breakPoint } from "../base/break-point.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import { readAsk } from "../enrollment/approval-rows.ts";
import { listWaitingFew, readFewSchedule, wakeAt, writeFewBeginBy } from "../enrollment/canary-rows.ts";
import { fewMoments } from "../enrollment/few-moments.ts";
import { restateHash } from "../enrollment/judge-approval.ts";
import { refuseUnapproved } from "../enrollment/refuse-unapproved.ts";
import { turnJobs } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";
import { refusePassedStart, refuseTooLate } from "../messages/refuse-too-late.ts";
import type { Asker, OfSend } from "../send-api.ts";
import { lockSend, refuseWaiting } from "./control-send.ts";
import {
  type CurrentStart,
  lockWaiting,
  movePlanned,
  moveWakeUps,
  readStart,
  readyLanes,
  writeDrip,
  writeStart,
} from "./reschedule-send-rows.ts";

/** How often the rows of a send are tried for while workers hold some of them, and the milliseconds between. */
const tries = { most: 40, firstMs: 5, longestMs: 100 };

/** Workers hold rows that the new schedule needs. Thrown to end the transaction, which lets go of the send. */
class RowsHeld extends Error {
  override name = "RowsHeld";
}

type RescheduleInput = OfSend & { patch: SendPatch; asker?: Asker };

/**
 * Changes the start or the drip of a send that is under way. The start can be moved while no execution has begun, the
 * drip at any time; the open round goes by the new count. Of a send that begins with a few both can be changed for the rest
 * while it waits.
 */
export async function rescheduleSend(context: EngineContext, input: RescheduleInput): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      await changeSchedule(context, input);
      return;
    } catch (error) {
      if (!(error instanceof RowsHeld)) throw error;
    }
    await breakPoint("reschedule-let-go");
    if (tried >= tries.most) {
      throw new EngineRefusal("conflict", "Contacts of this send are being worked on at this moment. Nothing was changed; try again.");
    }
    await sleep(Math.min(tries.firstMs * tried, tries.longestMs));
  }
}

async function changeSchedule(context: EngineContext, { patch, asker, ...input }: RescheduleInput): Promise<void> {
  await transactThenRing(context, async (tx, ring) => {
    const send = await lockSend(tx, input, context);
    if (isSendOver(send.state)) throw new EngineRefusal("send_over", "This send is over, so its schedule can no longer be changed.");
    refuseWaiting(send);
    const ask = await readAsk(tx, input, context.clock);
    refuseUnapproved(ask, asker, "The schedule");
    const current = await readStart(tx, input.sendId);
    const byContact = patch.start !== undefined && current.zone === "contact" && !current.has_begun;
    if (!(await lockWaiting(tx, input.sendId, byContact ? "all" : send.holds_rest ? "few" : "none"))) throw new RowsHeld();
    if (patch.start !== undefined) await moveStart(tx, context, input, { start: patch.start, ...current });
    if (patch.drip !== undefined) {
      if (patch.drip !== null && current.zone === "contact") {
        throw new EngineRefusal(
          "conflict",
          "This send starts in each contact's own time zone, and batches use the workspace's. The two cannot be combined.",
        );
      }
      await writeDrip(tx, input.sendId, patch.drip, context.clock);
      await readyLanes(tx, input.sendId);
    }
    if (ask) {
      await movePlanned(tx, input, context.clock);
      await restateHash(context, tx, input);
    }
    if (send.holds_rest) await moveFew(tx, input.sendId, { byContact: current.zone === "contact" }, context.clock);
    ring([...turnJobs(input.workspaceId, { quick: true }), ...turnJobs(input.workspaceId, { quick: false })]);
  });
}

/** The few that have not begun do so by the new schedule. The rest has no lanes yet, and gets them by it. */
async function moveFew(tx: Tx, sendId: string, { byContact }: { byContact: boolean }, clock: EngineContext["clock"]): Promise<void> {
  const ids = byContact ? [] : await listWaitingFew(tx, sendId);
  const schedule = ids.length === 0 ? undefined : await readFewSchedule(tx, sendId, clock);
  if (schedule) await wakeAt(tx, sendId, { ids, moments: fewMoments(ids.length, schedule).moments, byContact });
  await writeFewBeginBy(tx, sendId);
}

async function moveStart(
  tx: Tx,
  { clock }: EngineContext,
  { sendId }: OfSend,
  change: CurrentStart & { start: SendPatch["start"] },
): Promise<void> {
  const { start, zone } = change;
  if (change.has_begun)
    throw new EngineRefusal("conflict", "Some contacts have begun already, so the start cannot be moved. Pause or stop the send instead.");
  if ((zone === "contact") !== (start?.zone === "contact") && !(zone === "contact" && !start)) {
    throw new EngineRefusal(
      "conflict",
      "A send cannot switch between the workspace's time zone and each contact's own. Stop it and send again.",
    );
  }
  const moments = await writeStart(tx, sendId, start, clock);
  refuseTooLate(moments);
  refusePassedStart(start, moments);
  if (zone === "contact") await moveWakeUps(tx, sendId, start?.at ?? null, clock);
  else await readyLanes(tx, sendId);
}
