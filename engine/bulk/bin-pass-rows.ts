import { sql } from "kysely";
import type { Tx } from "#db/client.ts";
import { uuidArray } from "../base/array.ts";
import type { BulkJob, PassCounts, PassRange } from "./bulk-job.ts";
import { countsOf } from "./bulk-job.ts";
import { contactOf, inPass } from "./item-rows.ts";

/** The contacts of a pass, by id. */
export async function listContactsOf(tx: Tx, range: PassRange): Promise<string[]> {
  const { rows } = await sql<{ contact_id: string }>`
    select i.contact_id from bulk_job_items i where ${inPass(range)} order by i.seq`.execute(tx);
  return rows.map(({ contact_id }) => contact_id);
}

/** Those of them that have lain in the bin since the job `undoOf`. One that was restored and deleted again since is left out. */
export async function listDeletedBy(tx: Tx, job: BulkJob, range: PassRange, undoOf: string): Promise<string[]> {
  const { rows } = await sql<{ contact_id: string }>`
    select i.contact_id from bulk_job_items i
    join bulk_jobs o on o.workspace_id = ${job.workspaceId} and o.id = ${undoOf}::uuid
    ${contactOf(job.workspaceId)}
    where ${inPass(range)} and c.deleted_at <= o.finished_at order by i.seq`.execute(tx);
  return rows.map(({ contact_id }) => contact_id);
}

/**
 * Writes the results of a pass that moved these contacts into the bin or out of it:
 *
 *   moved → changed · erased → skipped · was where the job wanted it → same · otherwise → skipped, because somebody moved it since
 */
export async function writeMoved(
  tx: Tx,
  job: BulkJob,
  range: PassRange,
  { moved, wanted }: { moved: readonly string[]; wanted: "in_bin" | "here" },
): Promise<PassCounts> {
  const { rows } = await sql<{ outcome: string; count: number }>`
    with judged as materialized (
      select i.seq, case when i.contact_id = any(${uuidArray(moved)}::uuid[]) then 'changed' when c.id is null then 'contact_deleted'
        when (c.deleted_at is not null) = (${wanted} = 'in_bin') then 'same' else 'changed_since' end as verdict
      from bulk_job_items i ${contactOf(job.workspaceId)}
      where ${inPass(range)}
    ), written as (
      update bulk_job_items i set
        outcome = case when j.verdict in ('changed', 'same') then j.verdict else 'skipped' end,
        reason = case when j.verdict not in ('changed', 'same') then j.verdict end
      from judged j where i.job_id = ${job.id}::uuid and i.seq = j.seq returning i.outcome
    )
    select outcome, count(*)::int as count from written group by outcome`.execute(tx);
  return countsOf(rows);
}
