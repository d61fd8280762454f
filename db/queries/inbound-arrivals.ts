import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "../client.ts";

interface Caller {
  workspaceId: string;
  channel: Channel;
  provider: string;
}

/** A provider has called, with a signature that was right. */
export async function noteArrival(db: Db, { workspaceId, channel, provider }: Caller): Promise<void> {
  await sql`insert into private.inbound_arrivals (workspace_id, channel, provider) values (${workspaceId}, ${channel}, ${provider})
    on conflict (workspace_id, channel, provider) do update set last_at = excluded.last_at`.execute(db);
}

/** When each provider of a channel last called. Members may not read it: the database login of the owner is needed. */
export async function listArrivals(
  db: Db,
  { workspaceId, channel }: Omit<Caller, "provider">,
): Promise<{ provider: string; last_at: Date }[]> {
  const { rows } = await sql<{ provider: string; last_at: Date }>`
    select provider, last_at from private.inbound_arrivals where workspace_id = ${workspaceId} and channel = ${channel} order by provider`.execute(
    db,
  );
  return rows;
}
