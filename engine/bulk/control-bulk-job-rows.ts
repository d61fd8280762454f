import { sql } from "kysely";
import { bulkJobDays } from "#contract/bulk-jobs.ts";
import type { Tx } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import type { OfBulkJob } from "../bulk-api.ts";

/** The job that takes this one back, unless it was cancelled or failed. The caller has locked this one. */
export async function findUndo(tx: Tx, { workspaceId, jobId }: OfBulkJob): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id from bulk_jobs where workspace_id = ${workspaceId} and undo_of = ${jobId}::uuid and state not in ('cancelled', 'failed') limit 1`.execute(
    tx,
  );
  return rows[0]?.id;
}

export async function readUndoable(
  tx: Tx,
  { workspaceId, jobId }: OfBulkJob,
  clock: Clock,
): Promise<{ changed: number; isTooOld: boolean }> {
  const { rows } = await sql<{ changed: number; isTooOld: boolean }>`
    select changed, created_at < ${clock.now} - make_interval(days => ${bulkJobDays}) as "isTooOld"
    from bulk_jobs where workspace_id = ${workspaceId} and id = ${jobId}::uuid`.execute(tx);
  return rows[0] ?? { changed: 0, isTooOld: true };
}
