import { sql } from "kysely";
import { messageLimits } from "#contract/queue.ts";
import type { Db } from "#db/client.ts";

/** The limit of the workspace's day, and what of it is used (hour-limit-rows.ts counts it). */
export interface DayUse {
  perDay: number;
  /** When the day began, in milliseconds since 1970; null where none has begun. */
  from: number | null;
  used: number;
}

export async function readDayUse(db: Db, workspaceId: string): Promise<DayUse> {
  const { rows } = await sql<DayUse>`
    select coalesce(messages_per_day, ${messageLimits.perDay.usual}::int) as "perDay",
      (extract(epoch from day_from) * 1000)::float8 as "from", day_used as used
    from private.workspace_limits where workspace_id = ${workspaceId}`.execute(db);
  return rows[0] ?? { perDay: messageLimits.perDay.usual, from: null, used: 0 };
}
