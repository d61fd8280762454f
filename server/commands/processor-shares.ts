import { ApiError } from "../http/errors.ts";

/**
 * What workspaces may take of the processor of this process, which answers everybody. One graph is judged in a fraction of a second, and
 * a person may ask hundreds of times a minute, so the time itself is counted.
 */
export interface ProcessorShares {
  /**
   * Does work that waits for nothing, and counts how long it takes.
   * @throws ApiError workspace_busy where the workspace has taken more than its share
   */
  during<T>(workspaceId: string, work: () => T): T;
}

interface ShareOptions {
  /** Milliseconds of each second that all workspaces together pay back. */
  perSecond?: number;
  /** Milliseconds that a workspace may owe. */
  most?: number;
  /** Milliseconds that have passed, since whenever. */
  elapsed?: () => number;
}

/**
 * A workspace owes the time that its work took, and pays it back by and by: those that owe much share half of the processor among each
 * other. Who edits a usual flow owes a few milliseconds for a moment.
 */
export function createProcessorShares({
  perSecond = 500,
  most = 3_000,
  elapsed = () => performance.now(),
}: ShareOptions = {}): ProcessorShares {
  const owed = new Map<string, number>();
  let paidAt = elapsed();

  function payBack(): void {
    const now = elapsed();
    const heavy = [...owed.values()].filter((ms) => ms > most / 2).length;
    const paid = ((now - paidAt) * perSecond) / 1_000 / Math.max(1, heavy);
    paidAt = now;
    for (const [workspaceId, ms] of owed) {
      if (ms <= paid) owed.delete(workspaceId);
      else owed.set(workspaceId, ms - paid);
    }
  }

  return {
    during(workspaceId, work) {
      payBack();
      if ((owed.get(workspaceId) ?? 0) > most) throw busy();
      const begun = elapsed();
      try {
        return work();
      } finally {
        owed.set(workspaceId, (owed.get(workspaceId) ?? 0) + elapsed() - begun);
      }
    },
  };
}

const busy = () =>
  new ApiError(
    "workspace_busy",
    "The flows of this workspace are large, and were looked at very often just now. Try again in a few seconds.",
    {
      retryAfter: 3,
    },
  );
