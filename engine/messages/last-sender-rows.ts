import { sql } from "kysely";
import type { Provider } from "#channels/channel.ts";
import { phoneCountry } from "#channels/sms/phone.ts";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import { textArray, uuidArray } from "../base/array.ts";
import { chooseSender } from "./sender-pool.ts";

export interface Pool {
  workspaceId: string;
  channel: Channel;
  provider: Pick<Provider, "name" | "senders">;
}

/**
 * The sender of the pool with which each of these contacts last exchanged a message, whoever of the two wrote it. Contacts
 * without such a message are not in the answer. A message that left before senders were kept with messages left from the first.
 */
export async function readLastSenders(
  db: Db,
  { workspaceId, channel, provider: { name, senders = [] } }: Pool,
  contactIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (senders.length < 2) return new Map();
  const pool = sql`${textArray(senders)}::text[]`;
  const { rows } = await sql<{ id: string; sender: string }>`
    select c.id, last.sender from unnest(${uuidArray([...new Set(contactIds)])}::uuid[]) as c (id)
    cross join lateral (
      select sender from (
        (select coalesce(m.from_address, (${pool})[1]) as sender, m.created_at as at from messages m
          where m.contact_id = c.id and m.workspace_id = ${workspaceId} and m.channel = ${channel} and not m.is_test
            and (m.from_address = any(${pool}) or m.from_address is null and m.provider = ${name})
          order by m.created_at desc limit 1)
        union all
        (select i.to_address, i.received_at from inbound_messages i
          where i.contact_id = c.id and i.workspace_id = ${workspaceId} and i.channel = ${channel} and i.to_address = any(${pool})
          order by i.received_at desc limit 1)
      ) exchanged
      order by at desc limit 1
    ) last`.execute(db);
  return new Map(rows.map(({ id, sender }) => [id, sender]));
}

/** The sender that writes to one contact, or to a number that is nobody's, outside of flows; null where the provider has none to name. */
export async function findSenderFor(
  db: Db,
  { contactId, to, ...pool }: { workspaceId: string; channel: Channel; provider: Provider; contactId: string | null; to: string },
): Promise<string | null> {
  const { from, senders = [] } = pool.provider;
  if (from !== null || senders.length === 0) return from;
  const last = contactId === null ? undefined : (await readLastSenders(db, pool, [contactId])).get(contactId);
  return chooseSender(senders, { to, country: phoneCountry(to), last }) ?? null;
}
