import type { Tx } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import type { EngineDriver } from "../jobs/driver.ts";
import { cancelJob, turnJobs } from "../jobs/jobs.ts";
import type { Ring } from "../jobs/ring.ts";
import { listWaitedFor, wakeParents } from "./relative-rows.ts";

export interface EndedExecution {
  id: string;
  workspaceId: string;
  /** Whether the execution that started it waits for its end. */
  parentWaits: boolean;
  /** Whether it may have been waiting for an execution that it had started. */
  mayHaveWaited: boolean;
}

/**
 * Tells the relatives of executions that have ended in this transaction: a parent that waited goes on now, and a child
 * that was waited for is cancelled. Children are left to jobs of their own, because a transaction locks from children to
 * parents only, never back.
 *
 * @param alsoCancel executions that are cancelled by jobs too. All of these jobs are handed over at once, in the order of
 *   their keys, so that two transactions never wait for each other's.
 */
export async function notifyRelatives(
  tx: Tx,
  ended: readonly EndedExecution[],
  { clock, driver, ring }: { clock: Clock; driver: EngineDriver; ring: Ring },
  alsoCancel: readonly string[] = [],
): Promise<void> {
  const children = ended.filter(({ parentWaits }) => parentWaits);
  const [child] = children;
  if (child) {
    const ids = children.map(({ id }) => id);
    if (await wakeParents(tx, ids, clock)) ring(turnJobs(child.workspaceId, { quick: true }));
  }
  const parents = ended.filter(({ mayHaveWaited }) => mayHaveWaited).map(({ id }) => id);
  const orphans = parents.length === 0 ? [] : await listWaitedFor(tx, parents);
  const cancelled = [...new Set([...orphans, ...alsoCancel])];
  if (cancelled.length > 0) await driver.wake(tx, cancelled.map(cancelJob));
}
