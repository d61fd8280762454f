import { sql } from "kysely";
import type { ApiTexts, ContactTexts } from "#contract/contact-fields.ts";
import { apiName, isRequired, textFields } from "#contract/contact-fields.ts";
import type { Contact } from "#contract/contacts.ts";
import { storableText } from "#contract/storable.ts";
import type { Db } from "../client.ts";
import { contactColumns, toContact } from "./contact-rows.ts";

/** The values to write to a contact, with the number already read. A field that is left out stays as it is. */
export interface ContactFields extends Partial<ApiTexts> {
  phone?: { typed: string | null; e164: string | null };
  smsOptedOut?: boolean;
  emailOptedOut?: boolean;
  dnc?: boolean;
  metadata?: Record<string, unknown>;
}

export async function createContact(db: Db, { workspaceId, fields }: { workspaceId: string; fields: ContactFields }): Promise<Contact> {
  const optsOut = fields.smsOptedOut === true || fields.emailOptedOut === true;
  const row = await db
    .insertInto("contacts")
    .values({
      workspace_id: workspaceId,
      firstname: "",
      lastname: "",
      ...plainColumns(fields),
      sms_opted_out_at: fields.smsOptedOut ? sql<Date>`now()` : null,
      email_opted_out_at: fields.emailOptedOut ? sql<Date>`now()` : null,
      opt_out_source: optsOut ? "manual" : null,
    })
    .returning(contactColumns)
    .executeTakeFirstOrThrow();
  return toContact(row);
}

export async function updateContact(
  db: Db,
  { workspaceId, id, fields }: { workspaceId: string; id: string; fields: ContactFields },
): Promise<Contact | undefined> {
  const { smsOptedOut: sms, emailOptedOut: email } = fields;
  const row = await db
    .updateTable("contacts")
    .set({
      ...plainColumns(fields),
      ...(fields.metadata === undefined ? {} : { metadata: mergedMetadata(fields.metadata) }),
      ...(sms === undefined ? {} : { sms_opted_out_at: optedOutAt("sms_opted_out_at", sms) }),
      ...(email === undefined ? {} : { email_opted_out_at: optedOutAt("email_opted_out_at", email) }),
      ...(sms === undefined && email === undefined ? {} : { opt_out_source: sourceAfter(sms, email) }),
    })
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .returning(contactColumns)
    .executeTakeFirst();
  return row && toContact(row);
}

/** The named custom fields are written and the others stay; null takes one away. */
function mergedMetadata(metadata: Record<string, unknown>) {
  const [taken, set] = [true, false].map((isTaken) => Object.entries(metadata).filter(([, value]) => (value === null) === isTaken));
  return sql<string>`(case jsonb_typeof(metadata) when 'object' then metadata else '{}' end || ${JSON.stringify(Object.fromEntries(set ?? []))}::jsonb)
    - array(select jsonb_array_elements_text(${JSON.stringify((taken ?? []).map(([name]) => name))}::jsonb))`;
}

/** Opting out twice keeps the first moment, which is the one that counts when somebody asks. */
function optedOutAt(column: "sms_opted_out_at" | "email_opted_out_at", optedOut: boolean) {
  return optedOut ? sql<Date>`coalesce(${sql.ref(column)}, now())` : null;
}

/** Both channels share one source. It is 'manual' when a person made the last opt-out, and null when no opt-out is left. */
function sourceAfter(sms: boolean | undefined, email: boolean | undefined) {
  const isNew = (column: string, optedOut: boolean | undefined) => (optedOut ? sql`${sql.ref(column)} is null` : sql`false`);
  const stays = (column: string, optedOut: boolean | undefined) =>
    optedOut === undefined ? sql`${sql.ref(column)} is not null` : sql`${optedOut}::boolean`;
  return sql<string | null>`case
    when ${isNew("sms_opted_out_at", sms)} or ${isNew("email_opted_out_at", email)} then 'manual'
    when ${stays("sms_opted_out_at", sms)} or ${stays("email_opted_out_at", email)} then opt_out_source
    end`;
}

function plainColumns(fields: ContactFields) {
  return {
    ...texts(fields),
    ...(fields.phone === undefined ? {} : { phone_number: orNull(fields.phone.typed), phone_e164: fields.phone.e164 }),
    ...(fields.dnc === undefined ? {} : { dnc: fields.dnc }),
    ...(fields.metadata === undefined ? {} : { metadata: JSON.stringify(fields.metadata) }),
  };
}

function texts(fields: ContactFields): Partial<ContactTexts> {
  const given = textFields.flatMap((field) => {
    const text = fields[apiName(field)];
    return text === undefined ? [] : [[field, isRequired(field) ? composed(text ?? "") : orNull(text)]];
  });
  return Object.fromEntries(given);
}

const composed = (text: string) => storableText(text).normalize("NFC");
const orNull = (text: string | null) => (text === null || text === "" ? null : composed(text));
