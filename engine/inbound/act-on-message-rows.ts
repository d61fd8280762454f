import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Tx } from "#db/client.ts";
import { uuidArray } from "../base/array.ts";
import { type Keyword, readKeyword } from "./keyword.ts";

interface Received {
  id: string;
  channel: Channel;
  from_address: string | null;
  body: string | null;
}

/**
 * Acts on the next messages of people, oldest first, in the caller's transaction: it finds who wrote, and does at once what
 * a word of the text asks for. STOP closes the number for the whole workspace, whoever has it and whichever of our numbers
 * they answered. START takes back what STOP did, and nothing else.
 *
 * @returns how many there were
 */
export async function actOnMessages(tx: Tx, workspaceId: string, limit: number): Promise<number> {
  const { rows } = await sql<Received>`
    select id, channel, from_address, body from inbound_messages
    where workspace_id = ${workspaceId} and handled_at is null order by id limit ${limit} for update skip locked`.execute(tx);
  for (const message of rows) {
    const word = message.channel === "sms" ? readKeyword(message.body ?? "") : null;
    if (word !== null && message.from_address) await obey(tx, workspaceId, { ...message, from_address: message.from_address }, word);
    await sql`update inbound_messages set word = ${word} where id = ${message.id}::uuid`.execute(tx);
  }
  if (rows.length > 0)
    await markHandled(
      tx,
      workspaceId,
      rows.map(({ id }) => id),
    );
  return rows.length;
}

async function obey(
  tx: Tx,
  workspaceId: string,
  { channel, from_address }: Received & { from_address: string },
  word: Keyword,
): Promise<void> {
  const place = sql`workspace_id = ${workspaceId} and channel = ${channel} and address = lower(${from_address})`;
  if (word === "stop") {
    await sql`insert into suppressions (workspace_id, channel, address, reason, source)
      values (${workspaceId}, ${channel}, lower(${from_address}), 'stop', 'contact')
      on conflict (workspace_id, channel, address) do update set reason = 'stop', source = 'contact', detail = null
        where suppressions.reason in ('bounced_before', 'manual', 'stop')`.execute(tx);
  }
  if (word === "start") await sql`delete from suppressions where ${place} and reason = 'stop'`.execute(tx);
}

/** Of several contacts with the number, the one who was written to last wrote it. */
async function markHandled(tx: Tx, workspaceId: string, ids: readonly string[]): Promise<void> {
  await sql`
    update inbound_messages i set handled_at = clock_timestamp(), contact_id = w.contact_id, answers_id = w.message_id
    from inbound_messages r left join lateral (
      select c.id as contact_id, m.id as message_id from contacts c
      left join lateral (
        select id, created_at from messages where contact_id = c.id and channel = r.channel and to_address = r.from_address
        order by created_at desc limit 1) m on true
      where c.workspace_id = ${workspaceId} and c.phone_e164 = r.from_address and r.channel = 'sms' and c.deleted_at is null
      order by m.created_at desc nulls last, c.id limit 1
    ) w on true
    where i.id = r.id and r.id = any(${uuidArray(ids)}::uuid[])`.execute(tx);
}
