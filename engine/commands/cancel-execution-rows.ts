import { sql } from "kysely";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "#db/client.ts";

/** Writes the request to cancel an execution, unless it has ended or one is there. @returns its status; undefined when it does not exist */
export async function writeCancelRequest(
  db: Db,
  { workspaceId, executionId }: { workspaceId: string; executionId: string },
): Promise<string | undefined> {
  const { rows } = await sql<{ status: string }>`
    with wish as (
      update flow_executions set cancel_reason = 'cancelled'
      where id = ${executionId}::uuid and workspace_id = ${workspaceId} and status in ('pending', 'running') and cancel_reason is null
    )
    select status from flow_executions where id = ${executionId}::uuid and workspace_id = ${workspaceId}`.execute(db);
  return rows[0]?.status;
}

/**
 * Returns why an execution is to end, or undefined when it has ended. Writes the request if there is none yet, as for a
 * child whose parent has ended.
 */
export async function readOrWriteCancelReason(db: Db, executionId: string): Promise<Reason | undefined> {
  const { rows } = await sql<{ cancel_reason: Reason }>`
    update flow_executions e set cancel_reason = coalesce(e.cancel_reason, case when e.parent_waits then 'parent_ended' else 'cancelled' end)
    where e.id = ${executionId}::uuid and e.status in ('pending', 'running') returning e.cancel_reason`.execute(db);
  return rows[0]?.cancel_reason;
}

export async function readStatus(db: Db, executionId: string): Promise<string | undefined> {
  const row = await db.selectFrom("flow_executions").select("status").where("id", "=", executionId).executeTakeFirst();
  return row?.status;
}
