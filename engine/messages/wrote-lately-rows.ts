import { sql } from "kysely";
import { answerHours } from "#contract/message-kinds.ts";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import { uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";

/** Those of these contacts who have written on a channel lately, so that what they get is an answer. What a machine wrote for them does not count. */
export async function findWroteLately(
  db: Db,
  { workspaceId, channel, contactIds }: { workspaceId: string; channel: Channel; contactIds: readonly string[] },
  clock: Clock,
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select c.id from unnest(${uuidArray([...new Set(contactIds)])}::uuid[]) as c (id)
    where exists (select from inbound_messages m where m.contact_id = c.id and m.workspace_id = ${workspaceId} and m.channel = ${channel}
      and not m.automatic and m.received_at > ${clock.now} - ${answerHours} * interval '1 hour')`.execute(db);
  return new Set(rows.map(({ id }) => id));
}
