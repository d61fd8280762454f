import { sql } from "kysely";
import type { EngineContext } from "../engine-context.ts";
import { dropQueued } from "../execution/message-rows.ts";
import { notifyRelatives } from "../execution/notify-relatives.ts";
import { ofIds } from "../execution/read-rows.ts";
import { addToCounters } from "../execution/save-rows.ts";
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

async function endBroken({ db, clock, driver }: EngineContext, id: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ send_id: string; workspace_id: string; parent_waits: boolean }>`
      update flow_executions set status = 'failed', ended_reason = 'internal', wake_at = null, waiting_for = null,
        error_message = 'Its data could not be processed.', completed_at = ${clock.now}, updated_at = now(),
        started_at = coalesce(started_at, ${clock.now})
      where id = ${id}::uuid and status in ('pending', 'running') returning send_id, workspace_id, parent_waits`.execute(tx);
    const [row] = rows;
    if (!row) return;
    await sql`delete from wake_ups where flow_execution_id = ${id}::uuid`.execute(tx);
    await sql`delete from waits where flow_execution_id = ${id}::uuid`.execute(tx);
    await sql`update flow_execution_steps set status = 'failed', reason = 'internal', completed_at = greatest(${clock.now}, started_at)
      where flow_execution_id = ${id}::uuid and status in ('waiting', 'running')`.execute(tx);
    await dropQueued(tx, [id]);
    const ended = { id, parentWaits: row.parent_waits, resumed: "child", send: { workspaceId: row.workspace_id } };
    await notifyRelatives(tx, [ended], { clock, driver });
    await addToCounters(tx, row.send_id, { completed: 0, failed: 1, partial_failure: 0, cancelled: 0 }, clock);
  });
}
