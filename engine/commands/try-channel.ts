import type { EngineContext } from "../engine-context.ts";
import { turnJobs } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";
import type { LimitedChannel } from "../messages/channel-limiter-rows.ts";
import { openForOne } from "../messages/channel-limiter-rows.ts";
import { hurryLanes, hurryPaced, hurryWakeUps } from "./try-channel-rows.ts";

/**
 * Lets a channel in trouble try now, or after `afterMs`, instead of at its time, and makes due what waits for it. One message tries; the others
 * follow when it was taken. What waits for its sender asks again too, because its pace may be another now. Returns whether the channel was
 * in trouble.
 */
export async function tryChannel(context: EngineContext, place: LimitedChannel & { afterMs?: number }): Promise<boolean> {
  const { clock } = context;
  const { workspaceId, afterMs = 0 } = place;
  return transactThenRing(context, async (tx, ring) => {
    const wasInTrouble = await openForOne(tx, place, clock, afterMs);
    if (wasInTrouble) {
      await hurryWakeUps(tx, workspaceId, clock, afterMs);
      await hurryLanes(tx, workspaceId, clock, afterMs);
    }
    await hurryPaced(tx, workspaceId, clock, afterMs);
    ring([...turnJobs(workspaceId, { quick: true }), ...turnJobs(workspaceId, { quick: false })]);
    return wasInTrouble;
  });
}

/** Makes due what waits for a sender or for the next day, because a limit is another now. */
export async function askPacedAgain(
  context: EngineContext,
  { workspaceId, afterMs }: { workspaceId: string; afterMs: number },
): Promise<void> {
  await transactThenRing(context, async (tx, ring) => {
    await hurryPaced(tx, workspaceId, context.clock, afterMs);
    ring(turnJobs(workspaceId, { quick: true }));
  });
}
