import type { Tx } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import { listWaitedFor, wakeParents } from "../enrollment/child-execution-rows.ts";
import type { EngineDriver } from "../jobs/driver.ts";
import { cancelJob, turnJobs } from "../jobs/jobs.ts";
import type { Ring } from "../jobs/ring.ts";

interface Ended {
  id: string;
  /** Whether the one that started it waits for its end. */
  parentWaits: boolean;
  /** Whether it waited for one that it had started. */
  resumed?: string | null;
  send: { workspaceId: string };
}

/**
 * What the end of an execution means for others: whoever waited for it goes on now, and what it waited for itself ends
 * too. The latter is left to jobs of their own: a transaction locks from children to parents only, never back.
 */
export async function notifyRelatives(
  tx: Tx,
  ended: readonly Ended[],
  { clock, driver, ring }: { clock: Clock; driver: EngineDriver; ring: Ring },
): Promise<void> {
  const children = ended.filter(({ parentWaits }) => parentWaits);
  const [child] = children;
  if (child) {
    const ids = children.map(({ id }) => id);
    if (await wakeParents(tx, ids, clock)) ring(turnJobs(child.send.workspaceId, { quick: true }));
  }
  const parents = ended.filter(({ resumed }) => resumed === "child");
  if (parents.length === 0) return;
  const orphans = await listWaitedFor(
    tx,
    parents.map(({ id }) => id),
  );
  if (orphans.length > 0) await driver.wake(tx, orphans.map(cancelJob));
}
