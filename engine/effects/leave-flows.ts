import { isNonEmpty } from "../base/non-empty.ts";
import type { ChunkExecution, PendingLeave } from "../execution/chunk.ts";
import { endExecutions } from "../execution/end-executions.ts";
import { ofIds } from "../execution/read-rows.ts";
import { leave } from "../execution/transitions.ts";
import { commitEffect, endCancelled, walkOn } from "./commit-effect.ts";
import type { AtEffect, Batch, Effect, PassContext } from "./effect.ts";
import { listOthers, lockContactsForUpdate, requestCancelOfOthers } from "./leave-flow-rows.ts";

/**
 * Ends the other executions of a contact, by the rules of a cancel: nothing new begins for them from the commit on, and
 * what is in flight finishes first. The contacts are locked before the executions and in one order, so that two executions
 * that want to end each other come one after the other, and the second finds that it is to end. A test send ends nobody:
 * it counts how many there would be.
 */
export const leaves: Effect<PendingLeave> = {
  batchKey: ({ send }, { flowIds }) => `${send.workspaceId} ${send.isTest} ${flowIds === null ? "all" : [...flowIds].sort().join()}`,
  async runBatch(pass, queue) {
    const batch = queue.splice(0);
    const wanted = leaveOnePerContact(endCancelled(batch));
    if (isNonEmpty(wanted)) await (wanted[0].execution.send.isTest ? rehearse(pass, wanted) : commit(pass, wanted));
    walkOn(batch, pass.time);
    return { batch, isClosed: false };
  },
};

/** A test ends nobody: the step says how many it would have ended. */
const rehearse = async ({ db, time }: PassContext, batch: Batch<PendingLeave>) =>
  leaveAll(batch, await listOthers(db, othersOf(batch)), { now: time(), isRehearsal: true });

/** An execution may end another one of the same contact. If both are in the chunk, the second is left for another pass. */
function leaveOnePerContact(batch: readonly AtEffect<PendingLeave>[]): AtEffect<PendingLeave>[] {
  const seen = new Set<string>();
  return batch.filter(({ execution }) => {
    const contactId = execution.row.contactId ?? "";
    const isFirst = !seen.has(contactId);
    seen.add(contactId);
    if (!isFirst) execution.leftAlone = "later";
    return isFirst;
  });
}

async function commit(pass: PassContext, batch: Batch<PendingLeave>): Promise<void> {
  const { clock, driver, nodes } = pass;
  const { ended, dying } = await commitEffect(pass, batch, {
    lockContacts: lockContactsForUpdate,
    async act({ tx, ring }, live, now) {
      const others = isNonEmpty(live) ? await requestCancelOfOthers(tx, othersOf(live)) : [];
      leaveAll(live, others, { now, isRehearsal: false });
      const ids = others.map(({ id }) => id);
      // Ending comes last; see the order of locks in jobs/ring.ts.
      const finish = async () => {
        if (ids.length === 0) return { ended: new Set<string>(), dying: new Set<string>() };
        const ending = { status: "cancelled", reason: "left_flows", scope: "idle" } as const;
        const ended = new Set(await endExecutions(tx, ofIds(ids), ending, { clock, driver, nodes, ring }, { orCancel: ids }));
        const dying = new Set(ids.filter((id) => !ended.has(id)));
        return { ended, dying };
      };
      return { ledOn: live.map(({ execution }) => execution), finish };
    },
    breakPoints: { inside: "leaving", committed: "leaves-committed" },
  });
  // Some of the executions that were ended may be in this very pass.
  for (const execution of pass.executions) {
    if (ended.has(execution.id)) execution.leftAlone = "taken";
    if (dying.has(execution.id)) execution.memory.cancel ??= "left_flows";
  }
}

function othersOf(batch: Batch<PendingLeave>) {
  const [{ execution, pending }] = batch;
  return { leaverIds: batch.map((one) => one.execution.id), workspaceId: execution.send.workspaceId, flowIds: pending.flowIds };
}

function leaveAll(
  batch: readonly AtEffect<PendingLeave>[],
  others: readonly { leaver_id: string }[],
  { now, isRehearsal }: { now: number; isRehearsal: boolean },
): void {
  const byLeaver = Map.groupBy(others, ({ leaver_id }) => leaver_id);
  const countOf = ({ id }: ChunkExecution) => byLeaver.get(id)?.length ?? 0;
  for (const { execution, pending } of batch) {
    const { node, visit, startedAt } = pending;
    const result = isRehearsal ? { ended: countOf(execution), rehearsed: true } : { ended: countOf(execution) };
    leave(execution, node, { visit, startedAt }, { status: "completed", exit: node.exits[0] ?? null, result, completedAt: now });
  }
}
