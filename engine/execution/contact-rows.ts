import { sql } from "kysely";
import type { ChunkContact } from "./chunk.ts";

/** A contact as the engine reads it, with what the suppression list says about its addresses. */
export interface ContactRow {
  contact_id: string;
  contact_version: string | null;
  name: string | null;
  firstname: string;
  lastname: string;
  email: string | null;
  phone_number: string | null;
  phone_e164: string | null;
  lead_status: string | null;
  conversation_status: string | null;
  time_zone: string | null;
  metadata: Record<string, unknown> | null;
  sms_opted_out: boolean;
  email_opted_out: boolean;
  dnc: boolean;
  contact_created_at: Date;
  contact_updated_at: Date;
  suppressed_sms: string | null;
  suppressed_email: string | null;
}

/** The columns of a ContactRow, of `contacts c`. */
export const contactColumns = sql`c.id as contact_id, c.xmin::text as contact_version,
  c.name, c.firstname, c.lastname, c.email, c.phone_number, c.phone_e164, c.lead_status, c.conversation_status,
  c.time_zone, c.metadata, c.sms_opted_out_at is not null as sms_opted_out,
  c.email_opted_out_at is not null as email_opted_out, c.dnc,
  c.created_at as contact_created_at, c.updated_at as contact_updated_at,
  (select s.reason from suppressions s where s.workspace_id = c.workspace_id and s.channel = 'sms'
    and s.address = c.phone_e164) as suppressed_sms,
  (select s.reason from suppressions s where s.workspace_id = c.workspace_id and s.channel = 'email'
    and s.address = lower(btrim(c.email))) as suppressed_email`;

export function toContact(row: ContactRow): ChunkContact {
  const { name, firstname, lastname, email, phone_number, phone_e164, lead_status, conversation_status, time_zone } = row;
  return {
    fields: {
      id: row.contact_id,
      name,
      firstname,
      lastname,
      email,
      phone_number,
      phone_e164,
      lead_status,
      conversation_status,
      time_zone,
      metadata: typeof row.metadata === "object" && row.metadata !== null ? row.metadata : {},
      sms_opted_out: row.sms_opted_out,
      email_opted_out: row.email_opted_out,
      dnc: row.dnc,
      created_at: row.contact_created_at,
      updated_at: row.contact_updated_at,
    },
    version: row.contact_version ?? "",
    suppressedSms: row.suppressed_sms,
    suppressedEmail: row.suppressed_email,
  };
}
