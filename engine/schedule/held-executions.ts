import { reasons } from "#contract/reasons.ts";
import type { EngineContext } from "../engine-context.ts";
import { endExecutions } from "../execution/end-executions.ts";
import { ofIds } from "../execution/read-rows.ts";
import { transactThenRing } from "../jobs/ring.ts";
import { deleteHeld, listHeld } from "./held-execution-rows.ts";

/**
 * Ends the executions that held a worker until its watchdog stopped it, before any worker takes them again. A worker that
 * starts does so first, and every worker does so each second: the watchdog writes its row before the others count the
 * stopped worker as dead, so one execution stops one worker and not one after the other.
 */
export async function endHeldExecutions(context: EngineContext): Promise<void> {
  for (const { flow_execution_id: id, held_ms } of await listHeld(context.db)) {
    const seconds = (held_ms / 1_000).toFixed(1);
    const errorMessage = `${reasons.held_worker.text}. It took ${seconds} seconds without a pause.`;
    const ending = { status: "failed", reason: "held_worker", errorMessage, scope: "all" } as const;
    await transactThenRing(context, async (tx, ring) => {
      await endExecutions(tx, ofIds([id]), ending, { ...context, ring });
      await deleteHeld(tx, id);
    });
    context.log.error({ executionId: id, heldMs: held_ms }, "an execution held a worker until it was stopped, and is ended");
  }
}
