import { breakPoint } from "../base/break-point.ts";
import type { ChunkExecution, PendingLeave } from "../execution/chunk.ts";
import { endExecutions } from "../execution/end-executions.ts";
import { lockExecutions } from "../execution/lock-rows.ts";
import { saveResults } from "../execution/message-rows.ts";
import { ofIds } from "../execution/read-rows.ts";
import { closeSteps, insertSteps } from "../execution/save-rows.ts";
import { cancel, leave } from "../execution/transitions.ts";
import { walk } from "../execution/walk.ts";
import { cancelJob } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";
import type { Effect, PassContext } from "./effect.ts";
import { countOthers, lockContactsForUpdate, requestCancelOfOthers } from "./leave-flow-rows.ts";

/**
 * Ends the other executions of a contact, by the rules of a cancel: nothing new begins for them from the commit on, what
 * is in flight finishes first. The contacts are held before the executions, and in one order, so that two that want to
 * end each other come one after the other, and the second finds that it is to end.
 */
export const leaves: Effect<PendingLeave> = {
  batchKey: ({ send }, { flowIds }) => `${send.workspaceId} ${send.isTest} ${flowIds === null ? "all" : [...flowIds].sort().join()}`,
  async runBatch(pass, queue) {
    const batch = queue.splice(0);
    const seen = new Set<string>();
    const wanted = batch.filter((execution) => {
      if (execution.memory.cancel !== null) {
        cancel(execution, execution.memory.cancel);
        return false;
      }
      // Of two of one contact the second may have been ended by the first.
      const isFirst = !seen.has(execution.row.contactId ?? "");
      seen.add(execution.row.contactId ?? "");
      if (!isFirst) execution.leftAlone = "later";
      return isFirst;
    });
    if (wanted.length > 0) await commit(pass, wanted);
    for (const execution of batch) if (!execution.leftAlone) walk(execution, pass.time);
    return { batch, isClosed: false };
  },
};

async function commit(pass: PassContext, wanted: readonly ChunkExecution[]): Promise<void> {
  const { clock, driver } = pass;
  const { send } = wanted[0] as ChunkExecution;
  const { flowIds } = leaveOf(wanted[0] as ChunkExecution);
  const { ended, dying } = await transactThenRing(pass, async (tx, ring) => {
    await lockContactsForUpdate(
      tx,
      send.workspaceId,
      wanted.flatMap(({ row: { contactId } }) => contactId ?? []),
    );
    const live = await lockExecutions(tx, wanted, clock);
    const leaving = wanted.filter(({ id }) => live.has(id));
    const what = { leaverIds: leaving.map(({ id }) => id), workspaceId: send.workspaceId, flowIds };
    const others = leaving.length === 0 ? [] : await (send.isTest ? countOthers(tx, what) : requestCancelOfOthers(tx, what));
    const ids = send.isTest ? [] : others.map(({ id }) => id);
    const now = pass.time();
    const count = Map.groupBy(others, ({ leaver_id }) => leaver_id);
    for (const execution of leaving) {
      const { node, visit, startedAt } = leaveOf(execution);
      const result = { ended: count.get(execution.id)?.length ?? 0, ...(send.isTest && { rehearsed: true }) };
      leave(execution, node, { visit, startedAt }, { status: "completed", exit: node.exits[0] ?? null, result, completedAt: now });
    }
    await saveResults(tx, pass.unwritten, clock);
    await closeSteps(tx, leaving, now);
    await insertSteps(tx, leaving);
    // Last, because the rows of the sends are where their workers meet.
    const ended = new Set(
      ids.length === 0
        ? []
        : await endExecutions(tx, ofIds(ids), { status: "cancelled", reason: "left_flows", scope: "idle" }, { clock, driver, ring }),
    );
    const dying = new Set(ids.filter((id) => !ended.has(id)));
    if (dying.size > 0) await driver.wake(tx, [...dying].map(cancelJob));
    await breakPoint("leaving");
    return { ended, dying };
  });
  await breakPoint("leaves-committed");
  pass.unwritten.length = 0;
  for (const execution of wanted) {
    if (execution.writes.pending) execution.leftAlone = "taken";
    else Object.assign(execution.writes, { newSteps: [], closedStep: undefined });
  }
  // Some of those that were ended may be in this very pass.
  for (const execution of pass.executions) {
    if (ended.has(execution.id)) execution.leftAlone = "taken";
    if (dying.has(execution.id)) execution.memory.cancel ??= "left_flows";
  }
}

function leaveOf({ writes: { pending } }: ChunkExecution): PendingLeave {
  if (pending?.kind !== "leave") throw new Error("An execution that ends no others was put into a batch of them");
  return pending;
}
