import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";

/** Workspaces whose bulk jobs have not got further for ten seconds. */
export async function listIdleBulkWorkspaces(db: Db, clock: Clock): Promise<string[]> {
  const { rows } = await sql<{ workspace_id: string }>`
    select workspace_id from bulk_jobs where state in ('freezing', 'running')
    group by workspace_id having max(moved_at) < ${clock.now} - interval '10 seconds' limit 200`.execute(db);
  return rows.map(({ workspace_id }) => workspace_id);
}
