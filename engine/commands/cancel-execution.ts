import { sql } from "kysely";
import type { Reason } from "#contract/reasons.ts";
import { breakPoint } from "../base/break-point.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import { endExecutions } from "../execution/end-executions.ts";
import { ofIds } from "../execution/read-rows.ts";
import { cancelJob } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";
import { advanceChunk } from "../pass/advance.ts";

/**
 * Cancels one execution. It first writes the request, so that no worker begins anything new for the execution. Then it
 * ends the execution at once, unless a message is in flight; the worker that holds the message ends it after the answer.
 */
export async function cancelExecution(
  context: EngineContext,
  { workspaceId, executionId }: { workspaceId: string; executionId: string },
): Promise<{ inFlight: boolean }> {
  const { db } = context;
  const { rows } = await sql<{ status: string }>`
    with wish as (
      update flow_executions set cancel_reason = 'cancelled'
      where id = ${executionId}::uuid and workspace_id = ${workspaceId} and status in ('pending', 'running') and cancel_reason is null
    )
    select status from flow_executions where id = ${executionId}::uuid and workspace_id = ${workspaceId}`.execute(db);
  const [found] = rows;
  if (!found) throw new EngineRefusal("execution_not_found", "This execution does not exist in this workspace.");
  if (found.status !== "pending" && found.status !== "running") {
    throw new EngineRefusal("execution_over", "This execution has ended already.");
  }
  await breakPoint("cancel-requested");
  return { inFlight: !(await finishCancel(context, executionId)) };
}

/** Ends an execution that is to be cancelled, unless something of it is in flight. @returns whether it has ended */
export async function finishCancel(context: EngineContext, executionId: string): Promise<boolean> {
  const { db, driver } = context;
  const reason = await requestCancel(db, executionId);
  if (reason === undefined) return true;
  const ending = { status: "cancelled", reason, scope: "idle" } as const;
  const ended = await transactThenRing(context, (tx, ring) => endExecutions(tx, ofIds([executionId]), ending, { ...context, ring }));
  if (ended.length > 0) return true;
  // Traces beyond its cursor: a pass that begins nothing new records them, unless the call is still under way.
  await advanceChunk(context, ofIds([executionId]), { withLeftovers: true });
  const row = await db.selectFrom("flow_executions").select("status").where("id", "=", executionId).executeTakeFirst();
  if (row?.status !== "pending" && row?.status !== "running") return true;
  await driver.wake(db, [cancelJob(executionId)]);
  return false;
}

/** Returns why the execution is to end, or undefined when it has ended. Writes the request if there is none yet, as for a child whose parent has ended. */
async function requestCancel(db: EngineContext["db"], executionId: string): Promise<Reason | undefined> {
  const { rows } = await sql<{ cancel_reason: Reason }>`
    update flow_executions e set cancel_reason = coalesce(e.cancel_reason, case when e.parent_waits then 'parent_ended' else 'cancelled' end)
    where e.id = ${executionId}::uuid and e.status in ('pending', 'running') returning e.cancel_reason`.execute(db);
  return rows[0]?.cancel_reason;
}
