import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import { sendableEmailRule } from "#contract/email-address.ts";
import type { Channel } from "#contract/messages.ts";
import { blanks } from "#contract/storable.ts";

const trimmed = (column: "email" | "phone_number") => sql`btrim(coalesce(${sql.ref(`c.${column}`)}, ''), ${blanks}::text)`;
const { pattern, longest, longestLocalPart } = sendableEmailRule;
/** Almost every address is stored without blanks around it, so the column answers first. */
const isSendable = sql`(c.email_usable or length(${trimmed("email")}) <= ${longest}::int
  and strpos(${trimmed("email")}, '@') <= ${longestLocalPart + 1}::int and ${trimmed("email")} ~ ${pattern}::text)`;

/**
 * The check of a recipient (recipient-check.ts) as SQL, for counting before a send: the reason why a message cannot go
 * to contact `c`, or null where it can. A suppression whose reason is a person's own words comes back as those words.
 * recipient-check.test.ts holds the two together.
 */
export const refusalSql: Record<Channel, RawBuilder<string | null>> = {
  sms: sql`case when c.dnc then 'dnc'
    else coalesce(
      (select x.reason from suppressions x where x.workspace_id = c.workspace_id and x.channel = 'sms' and x.address = c.phone_e164),
      case when c.sms_opted_out_at is not null then 'opted_out_sms'
        when c.phone_e164 ~ '^[+][1-9][0-9]{6,14}$' then null
        when ${trimmed("phone_number")} <> '' or c.phone_e164 <> '' then 'bad_phone'
        else 'no_phone' end) end`,
  email: sql`case when c.dnc then 'dnc'
    else coalesce(
      (select x.reason from suppressions x where x.workspace_id = c.workspace_id and x.channel = 'email' and x.address = lower(${trimmed("email")})),
      case when c.email_opted_out_at is not null then 'opted_out_email'
        when ${isSendable} then null
        when ${trimmed("email")} = '' then 'no_email'
        else 'bad_email' end) end`,
};

/** The address to which a message to contact `c` goes, in the form that is compared within a send. */
export const addressSql: Record<Channel, RawBuilder<string | null>> = {
  sms: sql`c.phone_e164`,
  email: sql`lower(${trimmed("email")})`,
};
