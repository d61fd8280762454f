import type { EngineContext } from "../engine-context.ts";
import { endExecutions } from "../execution/end-executions.ts";
import { ofIds } from "../execution/read-rows.ts";
import { transactThenRing } from "../jobs/ring.ts";
import { advanceChunk } from "../pass/advance.ts";

/**
 * A portion that fails again and again holds somebody whose data breaks a statement that all of them share. They are
 * advanced one by one, so that only those end who cannot go on.
 */
export async function quarantine(context: EngineContext, executionIds: readonly string[]): Promise<void> {
  // If the database itself does not answer, this throws, and nobody is blamed for it.
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

/** What Postgres or our own code says about the data; a lost connection or a full disk is not the execution's fault. */
function isAboutData(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (!("code" in error) || typeof error.code !== "string") return true;
  return /^(22|23)/.test(error.code);
}

async function endBroken(context: EngineContext, id: string): Promise<void> {
  const ending = { status: "failed", reason: "internal", errorMessage: "Its data could not be processed.", scope: "all" } as const;
  await transactThenRing(context, (tx, ring) => endExecutions(tx, ofIds([id]), ending, { ...context, ring }));
}
