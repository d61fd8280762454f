import { sql } from "kysely";
import type { Contact, ContactTwin } from "#contract/contacts.ts";
import type { Db } from "../client.ts";
import { contradiction, type Identity } from "./contact-match.ts";
import { contactColumns, toContact } from "./contact-rows.ts";
import { nameWords } from "./person-names.ts";

interface NewPerson {
  workspaceId: string;
  name: string | null;
  firstname: string | null;
  lastname: string | null;
  phoneE164: string | null;
  /** Null where no message can be sent to it. */
  email: string | null;
}

/** How many contacts with one number or one address are looked at: the oldest ones. */
const mostAlike = 100;

/**
 * The contacts that share the number or the address of somebody who is to be added, the likely ones first. `likely`: nothing
 * contradicts that it is the same person, by the rules of an import.
 */
export async function findTwins(db: Db, { workspaceId, phoneE164, email, ...names }: NewPerson): Promise<ContactTwin[]> {
  const key = email?.toLowerCase() ?? null;
  if (phoneE164 === null && key === null) return [];
  const rows = await db
    .selectFrom("contacts")
    .select(contactColumns)
    .select("email_usable")
    .where("workspace_id", "=", workspaceId)
    .where(
      "id",
      "in",
      sql<string>`(
        (select id from contacts where workspace_id = ${workspaceId} and phone_e164 = any(${phoneE164 === null ? [] : [phoneE164]}::text[])
          order by id limit ${mostAlike})
        union (select id from contacts where workspace_id = ${workspaceId} and sort_email = any(${key === null ? [] : [key]}::text[])
          order by id limit ${mostAlike}))`,
    )
    .orderBy("id")
    .execute();
  const record: Identity = { contactId: null, source: null, sourceId: null, phone: phoneE164, email: key, name: nameWords(names) };
  const twins = rows.map((row) => {
    const contact = toContact(row);
    const known = {
      ...record,
      phone: row.phone_e164,
      email: row.email_usable ? (row.email?.toLowerCase() ?? null) : null,
      name: nameWords(row),
    };
    return { contact, same: sharedBy(contact, { phoneE164, email: key }), likely: contradiction(record, known) === null };
  });
  return [...twins.filter(({ likely }) => likely), ...twins.filter(({ likely }) => !likely)];
}

const sharedBy = (contact: Contact, { phoneE164, email }: { phoneE164: string | null; email: string | null }): ContactTwin["same"] => [
  ...(phoneE164 !== null && contact.phoneE164 === phoneE164 ? (["phoneNumber"] as const) : []),
  ...(email !== null && contact.email?.toLowerCase() === email ? (["email"] as const) : []),
];

/** Serializes everything that adds contacts to a workspace. Two at once would both find no match and add the same person twice. */
export const takeTurnToAdd = (db: Db, workspaceId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended('import of contacts/' || ${workspaceId}, 0))`.execute(db);
