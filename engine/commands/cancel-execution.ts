import { breakPoint } from "../base/break-point.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import { endExecutions } from "../execution/end-executions.ts";
import { ofIds } from "../execution/read-rows.ts";
import { cancelJob } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";
import { advanceChunk } from "../pass/advance.ts";
import { readOrWriteCancelReason, readStatus, writeCancelRequest } from "./cancel-execution-rows.ts";

/**
 * Cancels one execution. It first writes the request, so that no worker begins anything new for the execution. Then it
 * ends the execution at once, unless a message is in flight; the worker that holds the message ends it after the answer.
 */
export async function cancelExecution(
  context: EngineContext,
  { workspaceId, executionId }: { workspaceId: string; executionId: string },
): Promise<{ inFlight: boolean }> {
  const { db } = context;
  const status = await writeCancelRequest(db, { workspaceId, executionId });
  if (status === undefined) throw new EngineRefusal("execution_not_found", "This execution does not exist in this workspace.");
  if (status !== "pending" && status !== "running") {
    throw new EngineRefusal("execution_over", "This execution has ended already.");
  }
  await breakPoint("cancel-requested");
  return { inFlight: !(await finishCancel(context, executionId)) };
}

/** Ends an execution that is to be cancelled, unless something of it is in flight. @returns whether it has ended */
export async function finishCancel(context: EngineContext, executionId: string): Promise<boolean> {
  const { db, driver } = context;
  const reason = await readOrWriteCancelReason(db, executionId);
  if (reason === undefined) return true;
  const ending = { status: "cancelled", reason, scope: "idle" } as const;
  const ended = await transactThenRing(context, (tx, ring) => endExecutions(tx, ofIds([executionId]), ending, { ...context, ring }));
  if (ended.length > 0) return true;
  // Traces beyond its cursor: a pass that begins nothing new records them, unless the call is still under way.
  await advanceChunk(context, ofIds([executionId]), { withLeftovers: true });
  const status = await readStatus(db, executionId);
  if (status !== "pending" && status !== "running") return true;
  await driver.wake(db, [cancelJob(executionId)]);
  return false;
}
