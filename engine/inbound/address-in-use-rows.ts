import { sql } from "kysely";
import { numberOfWriter } from "#channels/sms/phone.ts";
import type { Channel } from "#contract/messages.ts";
import type { Db, Tx } from "#db/client.ts";
import { textArray, uuidArray } from "../base/array.ts";

/** The column of contacts that holds what is compared with an address of a channel. */
export const addressColumn = { sms: "phone_e164", email: "sort_email" } as const satisfies Record<Channel, string>;

/**
 * Has every message to these addresses looked at anew that is not committed as `sending` yet. The lock waits for claims on their way,
 * which are seen afterwards; a claim that waits for the lock finds the contact changed (see messages/claim-rows.ts).
 */
export async function lookAtAnew(tx: Tx, workspaceId: string, channel: Channel, addresses: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from contacts where workspace_id = ${workspaceId} and ${sql.ref(addressColumn[channel])} = any(${textArray(addresses)}::text[])
      and deleted_at is null
    order by id for update`.execute(tx);
  if (rows.length > 0)
    await sql`update contacts set updated_at = updated_at where id = any(${uuidArray(rows.map(({ id }) => id))}::uuid[])`.execute(tx);
}

/** The address as contacts and the suppression list have it: in e-mail capitals do not matter, and carriers report numbers in forms of their own. */
export const addressOf = (channel: Channel, address: string): string =>
  channel === "email" ? address.toLowerCase() : numberOfWriter(address);

/**
 * Whether anything may still leave to an address: an SMS of its owner is not acted on yet, or a message to it is in hand. Who has just asked for
 * no more from there may have another address by now, and then it is a message to that one.
 */
export async function isBusy(
  db: Db,
  { workspaceId, channel, address }: { workspaceId: string; channel: Channel; address: string },
): Promise<boolean> {
  const { rows } = await sql<{ busy: boolean }>`
    select exists (select from inbound_messages i
        where i.workspace_id = ${workspaceId} and i.channel = ${channel} and lower(i.from_address) = ${address} and i.handled_at is null)
      or exists (select from contacts c join messages m on m.contact_id = c.id
        where c.workspace_id = ${workspaceId} and c.${sql.ref(addressColumn[channel])} = ${address} and m.channel = ${channel} and m.status = 'sending'
          and lower(m.to_address) = ${address})
      or exists (select from inbound_messages i join messages m on m.contact_id = i.contact_id and m.channel = i.channel
        where i.workspace_id = ${workspaceId} and i.channel = ${channel} and lower(i.from_address) = ${address} and i.word in ('stop', 'maybe_stop')
          and i.received_at > now() - interval '10 seconds' and m.status = 'sending') as busy`.execute(db);
  return rows[0]?.busy === true;
}
