import type { EngineContext } from "../engine-context.ts";
import { turnJobs } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";
import type { LimitedChannel } from "../messages/channel-limiter-rows.ts";
import { openForOne } from "../messages/channel-limiter-rows.ts";
import { hurryLanes, hurryWakeUps } from "./try-channel-rows.ts";

/**
 * Lets a channel in trouble try now, or after `afterMs`, instead of at its time, and makes due what waits for it. One message tries; the others
 * follow when it was taken. Returns whether the channel was in trouble.
 */
export async function tryChannel(context: EngineContext, place: LimitedChannel & { afterMs?: number }): Promise<boolean> {
  const { clock } = context;
  const { workspaceId, afterMs = 0 } = place;
  return transactThenRing(context, async (tx, ring) => {
    if (!(await openForOne(tx, place, clock, afterMs))) return false;
    await hurryWakeUps(tx, workspaceId, clock, afterMs);
    await hurryLanes(tx, workspaceId, clock, afterMs);
    ring([...turnJobs(workspaceId, { quick: true }), ...turnJobs(workspaceId, { quick: false })]);
    return true;
  });
}
