import { sql } from "kysely";
import { messageLimits } from "#contract/queue.ts";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";

export interface HourRoom {
  /** Messages that may still leave in this hour; zero or less when the limit is reached. */
  left: number;
  /** Milliseconds until the next hour begins. */
  wait_ms: number;
}

/**
 * Counts messages that have left, and reads how many more may leave in this hour. An hour begins with its first message.
 *
 * @param spent messages that left since the last report of this process.
 */
export async function countInHour(db: Db, { workspaceId, spent }: { workspaceId: string; spent: number }, clock: Clock): Promise<HourRoom> {
  const isOver = sql`(l.hour_from is null or l.hour_from <= ${clock.now} - interval '1 hour')`;
  const { rows } = await sql<HourRoom>`
    insert into private.workspace_limits as l (workspace_id, hour_from, hour_used) values (${workspaceId}, ${clock.now}, ${spent}::int)
    on conflict (workspace_id) do update set
      hour_from = case when ${isOver} then ${clock.now} else l.hour_from end,
      hour_used = case when ${isOver} then 0 else l.hour_used end + excluded.hour_used
    returning coalesce(l.messages_per_hour, ${messageLimits.perHour.usual}::int) - l.hour_used as left,
      (extract(epoch from l.hour_from + interval '1 hour' - ${clock.now}) * 1000)::float8 as wait_ms`.execute(db);
  return rows[0] as HourRoom;
}
