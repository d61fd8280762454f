import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { ContactTexts } from "#contract/contact-fields.ts";
import { textColumns, textFields } from "#contract/contact-fields.ts";
import { type Channel, channels } from "#contract/messages.ts";
import { blanks } from "#contract/storable.ts";
import { closedAs, refusedBefore } from "#db/queries/suppressions.ts";
import type { ChunkContact } from "./chunk.ts";

/** A contact as the engine reads it, with what the suppression list says about its addresses. */
export interface ContactRow extends ContactTexts {
  contact_id: string;
  contact_version: string | null;
  phone_number: string | null;
  phone_e164: string | null;
  phone_country: string | null;
  metadata: Record<string, unknown> | null;
  sms_opted_out: boolean;
  email_opted_out: boolean;
  dnc: boolean;
  contact_created_at: Date;
  contact_updated_at: Date;
  suppressed_sms: string | null;
  suppressed_email: string | null;
  sms_refused_as: string | null;
  email_refused_as: string | null;
}

const closed = (channel: Channel, address: RawBuilder<unknown>) =>
  closedAs(
    sql`(select s.reason from suppressions s where s.workspace_id = c.workspace_id and s.channel = ${sql.lit(channel)} and s.address = ${address})`,
    refusedBefore("c", channel),
  );

/** The columns of a ContactRow, of `contacts c`. */
export const contactColumns = sql`c.id as contact_id, c.xmin::text as contact_version,
  ${sql.raw(textColumns.map((column) => `c.${column}`).join(", "))}, c.metadata, c.sms_opted_out_at is not null as sms_opted_out,
  c.email_opted_out_at is not null as email_opted_out, c.dnc,
  c.phone_country, c.created_at as contact_created_at, c.updated_at as contact_updated_at,
  ${closed("sms", sql`c.phone_e164`)} as suppressed_sms, ${closed("email", sql`lower(btrim(c.email, ${blanks}::text))`)} as suppressed_email,
  ${refusedBefore("c", "sms")} as sms_refused_as, ${refusedBefore("c", "email")} as email_refused_as`;

/** The channels of contacts `c` that only the contact can open again. */
export const stoppedChannels = sql`array_remove(array[${sql.join(
  channels.map(
    (channel) => sql`case when private.has_stopped(c.workspace_id, c.id, ${sql.lit(channel)}) then ${sql.lit(channel)}::text end`,
  ),
)}], null)`;

export function toContact(row: ContactRow): ChunkContact {
  const texts = {} as Record<keyof ContactTexts, string | null>;
  for (const field of textFields) texts[field] = row[field];
  return {
    fields: {
      id: row.contact_id,
      ...(texts as ContactTexts),
      phone_number: row.phone_number,
      phone_e164: row.phone_e164,
      metadata: typeof row.metadata === "object" && row.metadata !== null ? row.metadata : {},
      sms_opted_out: row.sms_opted_out,
      email_opted_out: row.email_opted_out,
      dnc: row.dnc,
      created_at: row.contact_created_at,
      updated_at: row.contact_updated_at,
    },
    version: row.contact_version ?? "",
    phoneCountry: row.phone_country,
    suppressedSms: row.suppressed_sms,
    suppressedEmail: row.suppressed_email,
    refusedBefore: { sms: row.sms_refused_as, email: row.email_refused_as },
  };
}
