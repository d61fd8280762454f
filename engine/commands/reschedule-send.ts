import { isSendOver, type SendPatch } from "#contract/sends.ts";
import type { Tx } from "#db/client.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { OfSend } from "../engine-api.ts";
import type { EngineContext } from "../engine-context.ts";
import { turnJobs } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";
import { lockSend } from "./control-send.ts";
import { type CurrentStart, moveWakeUps, readStart, readyLanes, writeDrip, writeStart } from "./reschedule-send-rows.ts";

/**
 * Changes the start or the drip of a send that is under way. The start can be moved while no execution has begun, the
 * drip at any time; the open round goes by the new count.
 */
export async function rescheduleSend(context: EngineContext, { patch, ...input }: OfSend & { patch: SendPatch }): Promise<void> {
  await transactThenRing(context, async (tx, ring) => {
    const send = await lockSend(tx, input, context);
    if (isSendOver(send.state)) throw new EngineRefusal("send_over", "This send is over; its schedule cannot be changed any more.");
    const current = await readStart(tx, input.sendId);
    if (patch.start !== undefined) await moveStart(tx, context, input, { start: patch.start, ...current });
    if (patch.drip !== undefined) {
      if (patch.drip !== null && current.zone === "contact") {
        throw new EngineRefusal(
          "conflict",
          "This send begins on each contact's own clock; a drip runs on the workspace's and cannot go with it.",
        );
      }
      await writeDrip(tx, input.sendId, patch.drip, context.clock);
      await readyLanes(tx, input.sendId);
    }
    ring([...turnJobs(input.workspaceId, { quick: true }), ...turnJobs(input.workspaceId, { quick: false })]);
  });
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
      "A send cannot change between the workspace's clock and each contact's own. Stop it and send again.",
    );
  }
  await writeStart(tx, sendId, start, clock);
  if (zone === "contact") await moveWakeUps(tx, sendId, start?.at ?? null, clock);
  else await readyLanes(tx, sendId);
}
