import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";

/** Whether a forecast has not got further for longer than a page may take, so the process that walks it has died. */
export const hasStoodStill = (clock: Clock): RawBuilder<SqlBool> => sql`moved_at < ${clock.now} - interval '45 seconds'`;

export async function listIdleForecasts(db: Db, clock: Clock): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from forecasts where state in ('waiting', 'running') and ${hasStoodStill(clock)} limit 200`.execute(db);
  return rows.map(({ id }) => id);
}
