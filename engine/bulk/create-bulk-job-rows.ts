import { sql } from "kysely";
import type { BulkAction } from "#contract/bulk-jobs.ts";
import type { Selection } from "#contract/contacts.ts";
import type { Tx } from "#db/client.ts";
import { matchesSelection } from "#db/queries/contact-filter.ts";
import { uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";

export interface NewBulkJob {
  id: string;
  workspaceId: string;
  action: BulkAction;
  /** Null for a job that takes another one back. */
  selection: Selection | null;
  requestHash: string;
  expectedTotal: number | null;
  most: number | null;
  undoOf: string | null;
  actor: { id: string | null; name: string | null };
}

/** Inserts a job. Waits for another transaction that inserts the same id, and returns false if that one commits. */
export async function insertBulkJob(tx: Tx, job: NewBulkJob, clock: Clock): Promise<boolean> {
  const { type, ...params } = job.action;
  const { numAffectedRows } = await sql`
    insert into bulk_jobs (id, workspace_id, kind, params, selection, request_hash, expected_total, most, undo_of, created_by, created_by_name,
      created_at, moved_at)
    values (${job.id}::uuid, ${job.workspaceId}, ${type}, ${JSON.stringify(params)}::jsonb,
      ${job.selection && JSON.stringify(job.selection)}::jsonb, ${job.requestHash}, ${job.expectedTotal}, ${job.most}, ${job.undoOf}::uuid,
      ${job.actor.id}::uuid, ${job.actor.name}, ${clock.now}, ${clock.now})
    on conflict do nothing`.execute(tx);
  return Number(numAffectedRows) === 1;
}

/** Reads which request made the job of this id, which the caller of the API may have chosen, whatever workspace it is in. */
export async function readBulkRequest(tx: Tx, jobId: string): Promise<{ workspaceId: string; requestHash: string } | undefined> {
  const { rows } = await sql<{ workspaceId: string; requestHash: string }>`
    select workspace_id as "workspaceId", request_hash as "requestHash" from bulk_jobs where id = ${jobId}::uuid`.execute(tx);
  return rows[0];
}

/** How many of these contacts lie in the bin. */
export async function countInBin(tx: Tx, workspaceId: string, ids: readonly string[]): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from contacts
    where workspace_id = ${workspaceId} and id = any(${uuidArray(ids)}::uuid[]) and deleted_at is not null`.execute(tx);
  return rows[0]?.count ?? 0;
}

export async function hasSelected(tx: Tx, workspaceId: string, selection: Selection): Promise<boolean> {
  const { rows } = await sql`
    select from contacts where contacts.workspace_id = ${workspaceId} and ${matchesSelection(selection)} limit 1`.execute(tx);
  return rows.length > 0;
}

/** Ends a statement of this transaction that takes longer, because a person waits for the answer. */
export const limitStatements = (tx: Tx, milliseconds: number) =>
  sql`select set_config('statement_timeout', ${String(milliseconds)}, true)`.execute(tx);
