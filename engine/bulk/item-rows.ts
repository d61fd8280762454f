import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { BulkReason } from "#contract/bulk-jobs.ts";
import { foldName } from "#contract/fold.ts";
import type { Tx } from "#db/client.ts";
import { matchesSelection } from "#db/queries/contact-filter.ts";
import { uuidArray } from "../base/array.ts";
import type { BulkJob, PassRange } from "./bulk-job.ts";

/**
 * Writes down which contacts a job means, in one statement. Ids that name no contact are written down as well, so that
 * each has a result; the contacts of a filter are those that existed when the job was made.
 *
 * @returns how many they are
 */
export async function freezeSelection(tx: Tx, job: BulkJob): Promise<number> {
  const { selection } = job;
  if (selection === null) throw new Error("A bulk job without a selection has no contacts to write down.");
  const meant =
    selection.type === "ids"
      ? sql`select distinct id from unnest(${uuidArray(selection.ids)}::uuid[]) as id`
      : sql`select contacts.id from contacts where contacts.workspace_id = ${job.workspaceId} and ${matchesSelection(selection)}
          and contacts.created_at <= ${job.createdAt}::timestamptz`;
  return insertItems(tx, job, sql`select id as contact_id, row_number() over (order by id) as seq from (${meant}) meant`);
}

/** Writes down the contacts that an earlier job changed. */
export async function freezeChanged(tx: Tx, job: BulkJob, undoOf: string): Promise<number> {
  return insertItems(
    tx,
    job,
    sql`select contact_id, row_number() over (order by seq) as seq from bulk_job_items where job_id = ${undoOf}::uuid and outcome = 'changed'`,
  );
}

/** Writes down the contacts that have a lead status, in whatever spelling, those in the bin too. */
export async function freezeHaving(tx: Tx, job: BulkJob, leadStatus: string): Promise<number> {
  const having = havingStatus(job.workspaceId, leadStatus);
  return insertItems(tx, job, sql`select id as contact_id, row_number() over (order by id) as seq from (${having}) found`);
}

/** The contacts that have a lead status, in whatever spelling. The index holds those that are not in the bin. */
export const havingStatus = (workspaceId: string, leadStatus: string) => {
  const isMeant = sql`workspace_id = ${workspaceId} and private.folded_name(lead_status) = ${foldName(leadStatus)}::text`;
  return sql`
    select id, deleted_at from contacts where ${isMeant} and deleted_at is null
    union all select id, deleted_at from contacts where ${isMeant} and deleted_at is not null`;
};

async function insertItems(tx: Tx, job: BulkJob, contacts: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into bulk_job_items (workspace_id, job_id, seq, contact_id)
    select ${job.workspaceId}, ${job.id}::uuid, seq, contact_id from (${contacts}) c order by seq`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

/** A condition on `bulk_job_items i`. */
export const inPass = ({ jobId, after, upto }: PassRange) => sql`i.job_id = ${jobId}::uuid and i.seq > ${after} and i.seq <= ${upto}`;

/**
 * Joins the contact of an item as `c`, or nulls where it is gone. Each is found by its id alone: a table that has just been
 * filled has no statistics yet, and the planner would read the whole workspace once for every item.
 */
export const contactOf = (workspaceId: string) => sql`
  left join lateral (select id, workspace_id, lead_status, deleted_at from contacts where id = i.contact_id offset 0) c
    on c.workspace_id = ${workspaceId}`;

/** Locks the contacts of a pass, in the order of their ids as every other writer does. */
export async function lockContactsOf(tx: Tx, workspaceId: string, range: PassRange): Promise<void> {
  await sql`
    select count(*) from (
      select from contacts where id = any (array(
        select c.id from bulk_job_items i ${contactOf(workspaceId)} where ${inPass(range)} and c.id is not null))
      order by id for update) locked`.execute(tx);
}

/** Writes one result for every contact of a range that cannot be changed. */
export async function failItems(tx: Tx, range: PassRange, reason: BulkReason): Promise<void> {
  await sql`update bulk_job_items i set outcome = 'failed', reason = ${reason} where ${inPass(range)}`.execute(tx);
}

export const setSavepoint = (tx: Tx) => sql`savepoint bulk_item`.execute(tx);
export const releaseSavepoint = (tx: Tx) => sql`release savepoint bulk_item`.execute(tx);
export const returnToSavepoint = (tx: Tx) => sql`rollback to savepoint bulk_item`.execute(tx);
