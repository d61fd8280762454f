import { sql } from "kysely";
import type { Db, Tx } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";

interface PlannedSend {
  workspaceId: string;
  sendId: string;
}

/** Approved sends whose planned start has come and that nobody has begun yet. */
export async function listPlanned(db: Db, clock: Clock): Promise<PlannedSend[]> {
  const { rows } = await sql<PlannedSend>`
    select workspace_id as "workspaceId", id as "sendId" from flow_sends
    where enroll_after <= ${clock.now} and state in ('enrolling', 'paused') order by enroll_after limit 100`.execute(db);
  return rows;
}

/** Of several workers one begins it; the others pass it over. */
export async function lockPlanned(tx: Tx, { workspaceId, sendId }: PlannedSend, clock: Clock): Promise<boolean> {
  const { rows } = await sql`
    select from flow_sends where workspace_id = ${workspaceId} and id = ${sendId}::uuid and enroll_after <= ${clock.now}
      and state in ('enrolling', 'paused') for update skip locked`.execute(tx);
  return rows.length > 0;
}
