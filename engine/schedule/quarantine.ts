import { isDataError, isOutage } from "#db/errors.ts";
import { SimulatedCrash } from "../base/break-point.ts";
import type { EngineContext } from "../engine-context.ts";
import { endExecutions } from "../execution/end-executions.ts";
import { ofIds } from "../execution/read-rows.ts";
import { transactThenRing } from "../jobs/ring.ts";
import { advanceChunk } from "../pass/advance.ts";

/**
 * Advances the executions of a portion one by one. A portion that fails again and again contains an execution whose data
 * breaks a statement that all of them share; advanced alone, only that execution is ended.
 *
 * @throws any error that says nothing about the data, such as a lost connection or a full disk. The portion then stays as
 *   it is and is tried again.
 */
export async function quarantine(context: EngineContext, executionIds: readonly string[]): Promise<void> {
  for (const id of executionIds) {
    try {
      await advanceChunk(context, ofIds([id]), { withLeftovers: true });
    } catch (error) {
      if (!isAboutData(error)) throw error;
      context.log.error({ err: error, executionId: id }, "an execution cannot go on and is ended");
      await endBroken(context, id);
    }
  }
}

/** Postgres refused a value, or our own code threw without a code of the database or the socket. */
function isAboutData(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof SimulatedCrash || isOutage(error)) return false;
  return isDataError(error) || !("code" in error);
}

async function endBroken(context: EngineContext, id: string): Promise<void> {
  const ending = { status: "failed", reason: "internal", errorMessage: "Its data could not be processed.", scope: "all" } as const;
  await transactThenRing(context, (tx, ring) => endExecutions(tx, ofIds([id]), ending, { ...context, ring }));
}
