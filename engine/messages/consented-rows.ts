import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import { consentAddress, consentedAddresses } from "#db/queries/consents.ts";
import { uuidArray } from "../base/array.ts";

/** The addresses of one channel for which consents of a contact stand. */
export type Consented = ReadonlySet<string>;

const none: Consented = new Set();

/** Whether a consent stands for the address to which a message would go. */
export const isConsented = (consented: Consented | undefined, to: string): boolean => consented?.has(consentAddress(to)) === true;

/**
 * Reads for which addresses consents of these contacts stand. One who takes it back while this is read has an opt-out, which changes the
 * contact, and so does another address; so the message is not claimed.
 */
export async function findConsented(
  db: Db,
  { workspaceId, channel, contactIds }: { workspaceId: string; channel: Channel; contactIds: readonly string[] },
): Promise<(contactId: string) => Consented> {
  const of = { workspaceId: sql`${workspaceId}`, contactId: sql`c.id`, channel: sql`${channel}` };
  const { rows } = await sql<{ id: string; addresses: string[] }>`
    select c.id, array(${consentedAddresses(of)}) as addresses
    from unnest(${uuidArray([...new Set(contactIds)])}::uuid[]) as c (id)`.execute(db);
  const found = new Map(rows.map(({ id, addresses }) => [id, new Set(addresses)]));
  return (contactId) => found.get(contactId) ?? none;
}
