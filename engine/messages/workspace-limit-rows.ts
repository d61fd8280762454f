import { sql } from "kysely";
import { messageLimits } from "#contract/queue.ts";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";

export interface WorkspaceRoom {
  /** Messages that may still leave in this hour; zero or less when the limit is reached. */
  left: number;
  /** Milliseconds until the next hour begins. */
  wait_ms: number;
  /** Messages that may still leave in this day, and when the next one begins. */
  day_left: number;
  next_day_at: Date;
}

/**
 * Counts messages that have left, and reads how many more may leave in this hour and in this day. Both begin with their first message.
 * What left before an hour or a day ended belongs to that one, and does not count for the next.
 *
 * @param spent messages that left since the last report of this process.
 */
export async function countMessages(
  db: Db,
  { workspaceId, spent }: { workspaceId: string; spent: number },
  clock: Clock,
): Promise<WorkspaceRoom> {
  const isOver = sql`(l.hour_from is null or l.hour_from <= ${clock.now} - interval '1 hour')`;
  const isDayOver = sql`(l.day_from is null or l.day_from <= ${clock.now} - interval '1 day')`;
  const { rows } = await sql<WorkspaceRoom>`
    insert into private.workspace_limits as l (workspace_id, hour_from, hour_used, day_from, day_used)
    values (${workspaceId}, ${clock.now}, ${spent}::int, ${clock.now}, ${spent}::int)
    on conflict (workspace_id) do update set
      hour_from = case when ${isOver} then ${clock.now} else l.hour_from end,
      hour_used = case when ${isOver} then 0 else l.hour_used + excluded.hour_used end,
      day_from = case when ${isDayOver} then ${clock.now} else l.day_from end,
      day_used = case when ${isDayOver} then 0 else l.day_used + excluded.day_used end
    returning coalesce(l.messages_per_hour, ${messageLimits.perHour.usual}::int) - l.hour_used as left,
      (extract(epoch from l.hour_from + interval '1 hour' - ${clock.now}) * 1000)::float8 as wait_ms,
      coalesce(l.messages_per_day, ${messageLimits.perDay.usual}::int) - l.day_used as day_left, l.day_from + interval '1 day' as next_day_at`.execute(
    db,
  );
  return rows[0] as WorkspaceRoom;
}
