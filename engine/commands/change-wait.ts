import { isEndableByPerson } from "#contract/contact-plan.ts";
import { breakPoint } from "../base/break-point.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { ChangeWaitInput } from "../by-hand-api.ts";
import type { EngineContext } from "../engine-context.ts";
import { turnJobs } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";
import { finishCancel } from "./cancel-execution.ts";
import { lockWait, writeMovedEnd, writeSkip, writeTakenOut } from "./change-wait-rows.ts";

/**
 * Ends the wait of one execution, moves its end, or takes the contact out, if it still is in the wait that the person saw. Of
 * two people at once, or of a person and the clock, the first one counts and the other is refused: the row of the execution
 * is locked while it is compared, and a worker reads no execution before its wake-up is due.
 *
 * @throws EngineRefusal execution_not_found, execution_over, wait_changed
 */
export async function changeWait(context: EngineContext, input: ChangeWaitInput): Promise<void> {
  const { workspaceId, executionId, seen, change } = input;
  await transactThenRing(context, async (tx, ring) => {
    const wait = await lockWait(tx, input, context.clock);
    if (!wait) throw new EngineRefusal("execution_not_found", "This execution does not exist in this workspace.");
    if (wait.status !== "pending" && wait.status !== "running")
      throw new EngineRefusal("execution_over", "The contact is not in this flow any more. Nothing was changed.");
    const isSame =
      wait.waiting_for !== null &&
      wait.visit === seen.visit &&
      wait.attempt === seen.attempt &&
      wait.until?.getTime() === new Date(seen.until).getTime();
    if (!isSame || wait.is_leaving)
      throw new EngineRefusal("wait_changed", "Somebody else changed this wait, or the contact has gone on. Look at it again.");
    if (change.type !== "take_out" && !isEndableByPerson(wait.waiting_for))
      throw new EngineRefusal(
        "conflict",
        "This wait ends by itself when the other side has answered. You can take the contact out instead.",
      );
    if (change.type !== "take_out" && !wait.is_asleep)
      throw new EngineRefusal("wait_changed", "The wait is over and the contact is due to go on, so it is too late to change it.");
    await breakPoint("wait-held");
    if (change.type === "skip") await writeSkip(tx, executionId, context.clock);
    else if (change.type === "reschedule") await writeMovedEnd(tx, executionId, change.at, context.clock);
    else await writeTakenOut(tx, executionId);
    ring(turnJobs(workspaceId, { quick: true }));
  });
  await breakPoint("wait-changed");
  if (change.type === "take_out") await finishCancel(context, executionId);
}
