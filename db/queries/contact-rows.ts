import type { RawBuilder, Selectable, SqlBool } from "kysely";
import { sql } from "kysely";
import type { ApiTexts } from "#contract/contact-fields.ts";
import { apiName, contactName, textColumns, textFields } from "#contract/contact-fields.ts";
import type { Contact } from "#contract/contacts.ts";
import type { ContactsTable } from "../tables/contacts.ts";

const columns = [
  "id",
  ...textColumns,
  "sms_opted_out_at",
  "email_opted_out_at",
  "opt_out_source",
  "dnc",
  "metadata",
  "created_at",
  "updated_at",
] as const;

export const contactColumns = columns.map((column) => `contacts.${column}` as const);
export type ContactRow = Pick<Selectable<ContactsTable>, (typeof columns)[number]>;

/**
 * That a contact is not in the bin, for statements that look contacts up by their ids. "is true" keeps Postgres from the
 * indexes of the contacts that are not in the bin: until it has counted the contacts it takes these indexes for almost
 * empty, and reads a whole workspace for each id.
 */
export const isNotBinned = (alias: string): RawBuilder<SqlBool> => sql`(${sql.ref(`${alias}.deleted_at`)} is null) is true`;

export function toContact(row: ContactRow): Contact {
  return {
    id: row.id,
    displayName: displayName(row),
    ...(Object.fromEntries(textFields.map((field) => [apiName(field), row[field]])) as ApiTexts),
    phoneNumber: row.phone_number,
    phoneE164: row.phone_e164,
    smsOptedOutAt: row.sms_opted_out_at?.toISOString() ?? null,
    emailOptedOutAt: row.email_opted_out_at?.toISOString() ?? null,
    optOutSource: row.opt_out_source,
    dnc: row.dnc,
    metadata: row.metadata,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** The `name`, else first and last name, as the founding document words it, but never blank. */
export function displayName(row: Pick<ContactRow, "name" | "firstname" | "lastname">): string {
  return contactName(row)?.trim() || "No name";
}
