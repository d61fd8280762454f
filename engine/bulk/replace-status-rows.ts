import { sql } from "kysely";
import { foldName } from "#contract/fold.ts";
import type { Tx } from "#db/client.ts";
import { havingStatus } from "./item-rows.ts";

/** Whether anybody has a lead status, in whatever spelling, also in the bin. */
export async function isStatusUsed(tx: Tx, workspaceId: string, leadStatus: string): Promise<boolean> {
  const { rows } = await sql`select from (${havingStatus(workspaceId, leadStatus)}) found limit 1`.execute(tx);
  return rows.length > 0;
}

/** Whether a job that is not over may still give contacts a lead status, or give it back to them. */
export async function isStatusComing(tx: Tx, workspaceId: string, leadStatus: string): Promise<boolean> {
  const { rows } = await sql`
    select from bulk_jobs where workspace_id = ${workspaceId} and state in ('freezing', 'asks', 'running')
      and kind in ('change_status', 'replace_status')
      and (undo_of is not null or private.folded_name(coalesce(params ->> 'leadStatus', params ->> 'to')) = ${foldName(leadStatus)}::text)
    limit 1`.execute(tx);
  return rows.length > 0;
}

/** How many contacts have it, those in the bin left out. */
export async function countHaving(tx: Tx, workspaceId: string, leadStatus: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (${havingStatus(workspaceId, leadStatus)}) found where deleted_at is null`.execute(tx);
  return rows[0]?.count ?? 0;
}
