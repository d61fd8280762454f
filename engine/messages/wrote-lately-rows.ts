import { sql } from "kysely";
import { answerHours } from "#contract/message-kinds.ts";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import { writtenBy } from "#db/queries/rows-of-contact.ts";
import { uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";

/**
 * When those of these contacts who have written on a channel lately wrote last, in milliseconds since 1970. What they get within
 * `answerHours` of it is an answer. What a machine wrote for them does not count.
 */
export async function readWroteLately(
  db: Db,
  { workspaceId, channel, contactIds }: { workspaceId: string; channel: Channel; contactIds: readonly string[] },
  clock: Clock,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ id: string; at: number }>`
    select c.id, last.at from unnest(${uuidArray([...new Set(contactIds)])}::uuid[]) as c (id)
    cross join lateral (
      select (extract(epoch from max(i.received_at)) * 1000)::float8 as at
      from ${writtenBy(sql`c.id`, sql`${clock.now} - ${answerHours} * interval '1 hour'`)}
      where i.workspace_id = ${workspaceId} and i.channel = ${channel} and not i.automatic) last
    where last.at is not null`.execute(db);
  return new Map(rows.map(({ id, at }) => [id, at]));
}
