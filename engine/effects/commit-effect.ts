import type { Tx } from "#db/client.ts";
import type { BreakPoint } from "../base/break-point.ts";
import { breakPoint } from "../base/break-point.ts";
import type { ChunkExecution, Pending } from "../execution/chunk.ts";
import { lockExecutions } from "../execution/lock-rows.ts";
import { saveResults } from "../execution/message-rows.ts";
import { closeSteps, insertSteps } from "../execution/save-rows.ts";
import { cancel } from "../execution/transitions.ts";
import { walk } from "../execution/walk.ts";
import type { Ring } from "../jobs/ring.ts";
import { transactThenRing } from "../jobs/ring.ts";
import type { AtEffect, Batch, PassContext } from "./effect.ts";

export interface OwnRowsEffect<Kind extends Pending, Done> {
  /** Locks the contacts of the batch in one order, before anything else is locked. */
  lockContacts?(tx: Tx, workspaceId: string, contactIds: readonly string[]): Promise<void>;
  /**
   * Does the work for the executions that may have an effect now, and leads on those for which it did. `finish` runs in the
   * same transaction, after their steps were written.
   *
   * @param live the executions that stand where they were read and are neither cancelled nor stopped; locked until the commit
   */
  act(
    transaction: { tx: Tx; ring: Ring },
    live: readonly AtEffect<Kind>[],
    now: number,
  ): Promise<{ ledOn: readonly ChunkExecution[]; finish(): Promise<Done> }>;
  /** Reached inside the transaction as its last line, and after its commit. */
  breakPoints: { inside: BreakPoint; committed: BreakPoint };
}

/**
 * Commits an effect on our own rows together with the steps that led to it, the steps that did it, and the answers of the
 * messages before: so the effect stands exactly once, however often a process dies (docs/decisions/0013). An execution
 * that was not led on is left to another pass.
 */
export async function commitEffect<Kind extends Pending, Done>(
  pass: PassContext,
  batch: Batch<Kind>,
  { lockContacts, act, breakPoints }: OwnRowsEffect<Kind, Done>,
): Promise<Done> {
  const { workspaceId } = batch[0].execution.send;
  const executions = batch.map(({ execution }) => execution);
  const done = await transactThenRing(pass, async (tx, ring) => {
    const contactIds = executions.flatMap(({ row }) => row.contactId ?? []);
    await lockContacts?.(tx, workspaceId, contactIds);
    const live = await lockExecutions(tx, executions, pass.clock);
    const now = pass.time();
    const { ledOn, finish } = await act(
      { tx, ring },
      batch.filter(({ execution }) => live.has(execution.id)),
      now,
    );
    await saveResults(tx, pass.unwritten, pass.clock);
    await closeSteps(tx, ledOn, now);
    await insertSteps(tx, ledOn);
    const result = await finish();
    await breakPoint(breakPoints.inside);
    return result;
  });
  await breakPoint(breakPoints.committed);
  pass.unwritten.length = 0;
  for (const execution of executions) {
    const { writes } = execution;
    // It still stands at its effect: it was ended or stopped, or another worker holds it or its contact.
    if (writes.pending) execution.leftAlone = "taken";
    else {
      writes.newSteps = [];
      writes.closedStep = undefined;
    }
  }
  return done;
}

/** Ends the executions that are to be cancelled, and returns the others. */
export function endCancelled<Kind extends Pending>(batch: readonly AtEffect<Kind>[]): AtEffect<Kind>[] {
  return batch.filter(({ execution }) => {
    const reason = execution.memory.cancel;
    if (reason !== null) cancel(execution, reason);
    return reason === null;
  });
}

/** Walks the executions of a batch to their next effect, their next rest or their end. */
export function walkOn(batch: readonly AtEffect[], time: () => number): void {
  for (const { execution } of batch) if (!execution.leftAlone) walk(execution, time);
}
