import type { Selectable } from "kysely";
import type { Contact } from "#contract/contacts.ts";
import type { ContactsTable } from "../tables.ts";

export const contactColumns = [
  "contacts.id",
  "contacts.name",
  "contacts.firstname",
  "contacts.lastname",
  "contacts.email",
  "contacts.phone_number",
  "contacts.phone_e164",
  "contacts.lead_status",
  "contacts.conversation_status",
  "contacts.time_zone",
  "contacts.sms_opted_out_at",
  "contacts.email_opted_out_at",
  "contacts.opt_out_source",
  "contacts.dnc",
  "contacts.metadata",
  "contacts.created_at",
  "contacts.updated_at",
] as const;

type Column<Name> = Name extends `contacts.${infer Bare}` ? Bare : never;
export type ContactRow = Pick<Selectable<ContactsTable>, Column<(typeof contactColumns)[number]>>;

export function toContact(row: ContactRow): Contact {
  return {
    id: row.id,
    displayName: displayName(row),
    name: row.name,
    firstname: row.firstname,
    lastname: row.lastname,
    email: row.email,
    phoneNumber: row.phone_number,
    phoneE164: row.phone_e164,
    leadStatus: row.lead_status,
    conversationStatus: row.conversation_status,
    timeZone: row.time_zone,
    smsOptedOutAt: row.sms_opted_out_at?.toISOString() ?? null,
    emailOptedOutAt: row.email_opted_out_at?.toISOString() ?? null,
    optOutSource: row.opt_out_source,
    dnc: row.dnc,
    metadata: row.metadata,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** As the founding document words it (`name`, else first and last name), but never blank. */
export function displayName({ name, firstname, lastname }: Pick<ContactRow, "name" | "firstname" | "lastname">): string {
  return name?.trim() || `${firstname} ${lastname}`.trim() || "No name";
}
