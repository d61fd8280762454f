import { isSendOver } from "#contract/sends.ts";
import { turnsPerWorker } from "#db/queries/turn-limit.ts";
import { breakPoint } from "../base/break-point.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import { readAsk } from "../enrollment/approval-rows.ts";
import { openRest } from "../enrollment/open-rest.ts";
import { refuseUnapproved } from "../enrollment/refuse-unapproved.ts";
import { turnJobs } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";
import type { OpenCanaryInput } from "../send-api.ts";
import { hasCanary } from "./canary-watch-rows.ts";
import { lockSend, refuseWaiting } from "./control-send.ts";

/**
 * Lets the rest of a send follow its few because a person says so, whatever was seen. A send that is paused stays paused, and goes on
 * with everybody when it is resumed. Said twice it is said once.
 */
export async function openCanary(context: EngineContext, { asker, ...input }: OpenCanaryInput): Promise<void> {
  await transactThenRing(context, async (tx, ring) => {
    const send = await lockSend(tx, input, context);
    if (isSendOver(send.state)) throw new EngineRefusal("send_over", "This send is over; there is nothing left to let go.");
    refuseWaiting(send);
    if (!send.holds_rest) {
      if (await hasCanary(tx, input.sendId)) return;
      throw new EngineRefusal("conflict", "This send began with everybody, so nobody waits for its first contacts.");
    }
    refuseUnapproved(await readAsk(tx, input, context.clock), asker, "That the rest waits for its first contacts");
    const by = { by: "person", name: input.actor.name } as const;
    await openRest(tx, { id: input.sendId, lanes: send.lanes, allIn: send.all_in }, by, context.clock);
    ring([...turnJobs(input.workspaceId, { quick: true }), ...turnJobs(input.workspaceId, { quick: false, turns: turnsPerWorker })]);
  });
  await breakPoint("canary-opened");
}
