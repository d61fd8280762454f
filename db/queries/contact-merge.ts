import { sql } from "kysely";
import type { ApiTexts, TextField } from "#contract/contact-fields.ts";
import { apiName, initialOf, isRequired, textFields } from "#contract/contact-fields.ts";
import type { Db } from "../client.ts";

type ImportedTexts = { [K in keyof ApiTexts]: string | null };

/** The values that a file gives one contact. Null means that the file says nothing, and changes nothing. */
export interface ImportedContact extends ImportedTexts {
  emailUsable: boolean;
  phoneNumber: string | null;
  phoneE164: string | null;
  smsOptedOutAt: "now" | Date | null;
  emailOptedOutAt: "now" | Date | null;
  metadata: Record<string, unknown>;
}

interface KnownContact {
  id: string;
  phone: string | null;
  email: string | null;
}

/**
 * Merges contacts into a workspace: by number, else by e-mail address in any case, with those that are there and among
 * themselves; what is new is created. Three statements however many there are. Two imports of one workspace take turns,
 * or both would create the same person.
 */
export async function mergeContacts(
  db: Db,
  { workspaceId, contacts }: { workspaceId: string; contacts: readonly ImportedContact[] },
): Promise<{ created: number; updated: number }> {
  if (contacts.length === 0) return { created: 0, updated: 0 };
  await sql`select pg_advisory_xact_lock(hashtextextended('import of contacts/' || ${workspaceId}, 0))`.execute(db);
  const { merged, ids } = mergeAlike(contacts, await findAlike(db, workspaceId, contacts));
  const toCreate = merged.filter((_, index) => ids[index] === null);
  const toUpdate = merged.flatMap((contact, index) => (ids[index] === null ? [] : [{ id: ids[index], ...contact }]));
  if (toCreate.length > 0) await insertAll(db, workspaceId, toCreate);
  if (toUpdate.length > 0) await updateAll(db, workspaceId, toUpdate);
  return { created: toCreate.length, updated: contacts.length - toCreate.length };
}

async function findAlike(db: Db, workspaceId: string, contacts: readonly ImportedContact[]): Promise<KnownContact[]> {
  const phones = contacts.flatMap(({ phoneE164 }) => phoneE164 ?? []);
  const emails = contacts.flatMap((contact) => emailKey(contact) ?? []);
  const { rows } = await sql<KnownContact>`
    select id, phone_e164 as phone, sort_email as email from contacts
    where workspace_id = ${workspaceId} and phone_e164 = any(${phones}::text[])
    union
    select id, phone_e164, sort_email from contacts
    where workspace_id = ${workspaceId} and sort_email = any(${emails}::text[])
    order by id`.execute(db);
  return rows;
}

/**
 * Follows the file from top to bottom, as if each row were merged by itself. Where several contacts share the number, the
 * one with the same address is meant, else the oldest.
 */
function mergeAlike(contacts: readonly ImportedContact[], known: readonly KnownContact[]) {
  const merged: ImportedContact[] = [];
  const ids: (string | null)[] = [];
  const indexOfKey = new Map<string, number>();
  const indexOfId = new Map<string, number>();
  const knownByKey = new Map<string, KnownContact[]>();
  const add = (key: string, contact: KnownContact) => knownByKey.set(key, [...(knownByKey.get(key) ?? []), contact]);
  for (const contact of known) {
    if (contact.phone) add(`phone ${contact.phone}`, contact);
    if (contact.email) add(`email ${contact.email}`, contact);
  }
  for (const contact of contacts) {
    const keys = keysOf(contact);
    const place = keys.map((key) => placeOf(key, contact)).find((found) => found !== undefined);
    let index = place?.index;
    if (index === undefined) {
      index = merged.push(contact) - 1;
      ids[index] = place?.id ?? null;
      if (place?.id) indexOfId.set(place.id, index);
    } else {
      merged[index] = overlay(merged[index] as ImportedContact, contact);
    }
    for (const key of keys) if (!indexOfKey.has(key)) indexOfKey.set(key, index);
  }
  return { merged, ids };

  /** Finds the contact of this key among the earlier rows of the file, then in the workspace. */
  function placeOf(key: string, contact: ImportedContact): { index?: number; id?: string } | undefined {
    const index = indexOfKey.get(key);
    if (index !== undefined) return { index };
    const id = choose(knownByKey.get(key), contact)?.id;
    return id === undefined ? undefined : { id, index: indexOfId.get(id) };
  }
}

const keysOf = (contact: ImportedContact): string[] => {
  const email = emailKey(contact);
  return [...(contact.phoneE164 ? [`phone ${contact.phoneE164}`] : []), ...(email ? [`email ${email}`] : [])];
};

/** "n/a" and "none" are no addresses. Two contacts that share such a value are not the same person. */
const emailKey = ({ email, emailUsable }: ImportedContact): string | null => (email && emailUsable ? email.toLowerCase() : null);

function choose(candidates: readonly KnownContact[] | undefined, contact: ImportedContact): KnownContact | undefined {
  const email = emailKey(contact);
  return candidates?.find((candidate) => email !== null && candidate.email === email) ?? candidates?.[0];
}

/** A later row overwrites an earlier one, except where it says nothing or has an address that cannot be used. */
function overlay(earlier: ImportedContact, later: ImportedContact): ImportedContact {
  const said = Object.fromEntries(Object.entries(later).filter(([, value]) => value !== null)) as Partial<ImportedContact>;
  const phone = later.phoneE164 || !earlier.phoneNumber ? later : earlier;
  const email = later.email && (later.emailUsable || !earlier.email) ? later : earlier;
  return {
    ...earlier,
    ...said,
    phoneNumber: phone.phoneNumber,
    phoneE164: phone.phoneE164,
    email: email.email,
    emailUsable: email.emailUsable,
    smsOptedOutAt: earlier.smsOptedOutAt ?? later.smsOptedOutAt,
    emailOptedOutAt: earlier.emailOptedOutAt ?? later.emailOptedOutAt,
    metadata: { ...earlier.metadata, ...later.metadata },
  };
}

/** A piece of SQL for each text field, joined once when the module is loaded. */
const eachText = (fields: readonly TextField[], piece: (column: string, said: string, field: TextField) => string) =>
  sql.raw(fields.map((field) => piece(`"${field}"`, `x."${apiName(field)}"`, field)).join(", "));

const rowShape = sql`x(id uuid, ${eachText(textFields, (_, said) => `${said.slice(2)} text`)}, "emailUsable" boolean,
  "phoneNumber" text, "phoneE164" text, "smsOptedOutAt" timestamptz, "emailOptedOutAt" timestamptz, metadata jsonb)`;
const textColumns = eachText(textFields, (column) => column);
const firstTexts = eachText(textFields, (_, said, field) => {
  const otherwise = isRequired(field) ? "" : initialOf(field);
  return otherwise === undefined ? said : `coalesce(${said}, '${otherwise}')`;
});
const changedTexts = eachText(
  textFields.filter((field) => field !== "email"),
  (column, said) => `${column} = coalesce(${said}, c.${column})`,
);

async function insertAll(db: Db, workspaceId: string, contacts: readonly ImportedContact[]): Promise<void> {
  await sql`
    insert into contacts (workspace_id, ${textColumns}, phone_number, phone_e164, sms_opted_out_at, email_opted_out_at,
      opt_out_source, metadata)
    select ${workspaceId}, ${firstTexts}, "phoneNumber", "phoneE164", "smsOptedOutAt", "emailOptedOutAt",
      case when coalesce("smsOptedOutAt", "emailOptedOutAt") is not null then 'import' end, metadata
    from jsonb_to_recordset(${JSON.stringify(contacts)}::jsonb) as ${rowShape}`.execute(db);
}

async function updateAll(db: Db, workspaceId: string, contacts: readonly ImportedContact[]): Promise<void> {
  await sql`
    update contacts c set ${changedTexts},
      email = case when x."emailUsable" or c.sort_email is null then coalesce(x.email, c.email) else c.email end,
      phone_number = case when x."phoneE164" is not null or c.phone_e164 is null then coalesce(x."phoneNumber", c.phone_number)
        else c.phone_number end,
      phone_e164 = coalesce(x."phoneE164", c.phone_e164),
      opt_out_source = case
        when c.sms_opted_out_at is null and x."smsOptedOutAt" is not null
          or c.email_opted_out_at is null and x."emailOptedOutAt" is not null then 'import'
        else c.opt_out_source end,
      sms_opted_out_at = coalesce(c.sms_opted_out_at, x."smsOptedOutAt"),
      email_opted_out_at = coalesce(c.email_opted_out_at, x."emailOptedOutAt"),
      metadata = c.metadata || x.metadata
    from jsonb_to_recordset(${JSON.stringify(contacts)}::jsonb) as ${rowShape}
    where c.workspace_id = ${workspaceId} and c.id = x.id`.execute(db);
}
