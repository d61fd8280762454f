import { sql } from "kysely";
import { foldName } from "#contract/fold.ts";
import type { Tx } from "#db/client.ts";
import { isNotBinned } from "#db/queries/contact-rows.ts";
import type { BulkJob, PassCounts, PassRange } from "./bulk-job.ts";
import { countsOf } from "./bulk-job.ts";
import { contactOf, inPass } from "./item-rows.ts";

export interface NewStatus {
  /** Null: none. */
  to: string | null;
  /** Only contacts that still have this status are changed, and those in the bin too. */
  only?: string;
}

/**
 * Sets the lead status of the contacts of a pass, which are locked, and writes a result for each:
 *
 *   the contact is gone, or in the bin → skipped · it has the status already → same · it does not have the status `only` any
 *   more → skipped, because somebody changed it since · otherwise → changed, with the status it had
 */
export async function setLeadStatus(tx: Tx, job: BulkJob, range: PassRange, { to, only }: NewStatus): Promise<PassCounts> {
  const isAnother = only === undefined ? sql`false` : sql`private.folded_name(c.lead_status) is distinct from ${foldName(only)}::text`;
  const { rows } = await sql<{ outcome: string; count: number }>`
    with found as materialized (
      select i.seq, c.id, c.lead_status,
        case when c.id is null then 'contact_deleted' when c.lead_status is not distinct from ${to}::text then 'same'
          when ${isAnother} then 'changed_since' else 'changed' end as verdict
      from bulk_job_items i ${contactOf(job.workspaceId)} ${only === undefined ? isHere : sql``}
      where ${inPass(range)}
    ), changed as (
      update contacts c set lead_status = ${to} from found f where c.id = f.id and f.verdict = 'changed'
    ), ${judged(job)}
    select outcome, count(*)::int as count from judged group by outcome`.execute(tx);
  return countsOf(rows);
}

/** A contact in the bin counts as gone. */
const isHere = sql`and ${isNotBinned("c")}`;

/** Writes the results by the verdicts in `found`. */
const judged = (job: BulkJob) => sql`judged as (
  update bulk_job_items i set
    outcome = case when f.verdict in ('changed', 'same') then f.verdict else 'skipped' end,
    reason = case when f.verdict not in ('changed', 'same') then f.verdict end,
    before = case when f.verdict = 'changed' then jsonb_build_object('leadStatus', f.lead_status) end
  from found f where i.job_id = ${job.id}::uuid and i.seq = f.seq returning i.outcome
)`;

/**
 * Gives the contacts of a pass back the lead status that they had before the job `undoOf` set it to `written`:
 *
 *   the contact is gone, or in the bin (unless `inBin`) → skipped · it has the old status already → same · it has another one than the job wrote → skipped,
 *   because somebody changed it since · otherwise → changed
 */
export async function restoreLeadStatus(
  tx: Tx,
  job: BulkJob,
  range: PassRange,
  { undoOf, written, inBin = false }: { undoOf: string; written: string | null; inBin?: boolean },
): Promise<PassCounts> {
  const { rows } = await sql<{ outcome: string; count: number }>`
    with found as materialized (
      select i.seq, c.id, c.lead_status, o.before ->> 'leadStatus' as wanted,
        case when c.id is null or o.before is null then 'contact_deleted'
          when c.lead_status is not distinct from o.before ->> 'leadStatus' then 'same'
          when c.lead_status is distinct from ${written}::text then 'changed_since'
          else 'changed' end as verdict
      from bulk_job_items i
      cross join lateral (
        select job_id, before from bulk_job_items where workspace_id = i.workspace_id and contact_id = i.contact_id offset 0) o
      ${contactOf(job.workspaceId)} ${inBin ? sql`` : isHere}
      where o.job_id = ${undoOf}::uuid and ${inPass(range)}
    ), changed as (
      update contacts c set lead_status = f.wanted from found f where c.id = f.id and f.verdict = 'changed'
    ), ${judged(job)}
    select outcome, count(*)::int as count from judged group by outcome`.execute(tx);
  return countsOf(rows);
}
