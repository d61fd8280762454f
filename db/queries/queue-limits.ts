import { sql } from "kysely";
import type { QueueLimits } from "#contract/queue.ts";
import type { Tx } from "../client.ts";

/** In the transaction of the member who sets them: the functions let admins do it and nobody else. */
export async function saveQueueLimits(tx: Tx, { workspaceId, limits }: { workspaceId: string; limits: QueueLimits }): Promise<void> {
  if (limits.lanes !== undefined) await sql`select private.set_lane_limit(${workspaceId}, ${limits.lanes}::int)`.execute(tx);
  for (const { channel, perMinute } of limits.channels ?? []) {
    await sql`select private.set_channel_rate(${workspaceId}, ${channel}, ${perMinute}::int)`.execute(tx);
  }
  const { perContactDay, perHour, perDay } = limits.messages ?? {};
  if (perContactDay !== undefined) await sql`select private.set_contact_day_limit(${workspaceId}, ${perContactDay}::int)`.execute(tx);
  if (perHour !== undefined) await sql`select private.set_hour_limit(${workspaceId}, ${perHour}::int)`.execute(tx);
  if (perDay !== undefined) await sql`select private.set_day_limit(${workspaceId}, ${perDay}::int)`.execute(tx);
}
