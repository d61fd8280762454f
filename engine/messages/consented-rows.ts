import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import { uuidArray } from "../base/array.ts";

/**
 * Those of these contacts whose last word on a channel was a consent. One who takes it back while this is read has an opt-out, which
 * changes the contact, so the message is not claimed.
 */
export async function findConsented(
  db: Db,
  { workspaceId, channel, contactIds }: { workspaceId: string; channel: Channel; contactIds: readonly string[] },
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select c.id from unnest(${uuidArray([...new Set(contactIds)])}::uuid[]) as c (id)
    cross join lateral (
      select e.state from contact_consents e
      where e.workspace_id = ${workspaceId} and e.contact_id = c.id and e.channel = ${channel} order by e.id desc limit 1
    ) last
    where last.state = 'opted_in'`.execute(db);
  return new Set(rows.map(({ id }) => id));
}
