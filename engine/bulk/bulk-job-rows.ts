import { sql } from "kysely";
import { BulkAction, type BulkJobState } from "#contract/bulk-jobs.ts";
import { Selection } from "#contract/contacts.ts";
import type { Db, Tx } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import type { BulkJob, PassCounts } from "./bulk-job.ts";

interface Row {
  id: string;
  workspace_id: string;
  kind: string;
  params: Record<string, unknown>;
  state: BulkJobState;
  selection: unknown;
  created_at: string;
  undo_of: string | null;
  expected_total: number | null;
  most: number | null;
  total: number | null;
  done: number;
  created_by: string | null;
  created_by_name: string | null;
}

const columns = sql`id, workspace_id, kind, params, state, selection, created_at::text, undo_of, expected_total, most, total,
  changed + same + skipped + failed as done, created_by, created_by_name`;

const toBulkJob = (row: Row): BulkJob => ({
  id: row.id,
  workspaceId: row.workspace_id,
  action: BulkAction.parse({ type: row.kind, ...row.params }),
  state: row.state,
  selection: row.selection === null ? null : Selection.parse(row.selection),
  createdAt: row.created_at,
  undoOf: row.undo_of,
  expectedTotal: row.expected_total,
  most: row.most,
  total: row.total,
  done: row.done,
  actor: { id: row.created_by, name: row.created_by_name },
});

/** Lets one transaction at a time change contacts for a workspace's bulk jobs. Returns whether it is this one. */
export async function takeBulkTurn(tx: Tx, workspaceId: string): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`select pg_try_advisory_xact_lock(hashtextextended(${workspaceId}, 3)) as taken`.execute(
    tx,
  );
  return rows[0]?.taken === true;
}

/**
 * Finds the job of a workspace that is next, without a lock. Contacts are written down before anything else, because what a job means is
 * what was there when it was made. The changes then come in the order in which they were asked for, so that the later of
 * two changes of one contact is the one that stays. The contacts that have a status which is replaced are looked for last:
 * a change that was asked for before may still give it to some.
 */
export async function findNextBulkJob(tx: Tx, workspaceId: string): Promise<BulkJob | undefined> {
  const { rows } = await sql<Row>`
    select ${columns} from bulk_jobs where workspace_id = ${workspaceId} and state in ('freezing', 'running')
    order by case when state = 'running' then 1 when kind = 'replace_status' and undo_of is null then 2 else 0 end,
      running_at, created_at, id limit 1`.execute(tx);
  return rows[0] && toBulkJob(rows[0]);
}

export async function lockBulkJob(tx: Tx, { workspaceId, jobId }: { workspaceId: string; jobId: string }): Promise<BulkJob | undefined> {
  const { rows } = await sql<Row>`
    select ${columns} from bulk_jobs where workspace_id = ${workspaceId} and id = ${jobId}::uuid for update`.execute(tx);
  return rows[0] && toBulkJob(rows[0]);
}

export async function hasActiveBulkJob(db: Db, workspaceId: string): Promise<boolean> {
  const { rows } =
    await sql`select from bulk_jobs where workspace_id = ${workspaceId} and state in ('freezing', 'running') limit 1`.execute(db);
  return rows.length > 0;
}

/** Moves a job into a state and forgets its selection, which is written down or not needed any more. */
export async function writeBulkState(
  tx: Tx,
  job: { id: string },
  to: { state: BulkJobState; total?: number | undefined; errorMessage?: string | undefined },
  clock: Clock,
): Promise<void> {
  const { state, total, errorMessage = null } = to;
  const isOver = state === "done" || state === "cancelled" || state === "failed";
  await sql`
    update bulk_jobs set state = ${state}, selection = null, moved_at = ${clock.now}, error_message = ${errorMessage},
      total = coalesce(${total ?? null}::int, total),
      running_at = case when ${state} = 'running' then ${clock.now} else running_at end,
      finished_at = case when ${isOver} then ${clock.now} end
    where id = ${job.id}::uuid`.execute(tx);
}

/**
 * Adds a pass to the counts and returns the sums. It is a compare-and-set write.
 *
 * @throws when another pass was counted meanwhile, which the lock rules out
 */
export async function countPass(tx: Tx, job: BulkJob, counts: PassCounts, clock: Clock): Promise<PassCounts> {
  const { rows } = await sql<PassCounts>`
    update bulk_jobs set changed = changed + ${counts.changed}, same = same + ${counts.same}, skipped = skipped + ${counts.skipped},
      failed = failed + ${counts.failed}, moved_at = ${clock.now}
    where id = ${job.id}::uuid and changed + same + skipped + failed = ${job.done}
    returning changed, same, skipped, failed`.execute(tx);
  if (!rows[0]) throw new Error("Two passes of one bulk job have run at the same time.");
  return rows[0];
}
