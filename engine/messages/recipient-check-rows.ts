import type { RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import { sendableEmailRule } from "#contract/email-address.ts";
import type { Channel } from "#contract/messages.ts";
import type { SendingRules } from "#contract/sending-rules.ts";
import { blanks } from "#contract/storable.ts";
import { isSmsCountryAllowed } from "#db/queries/sms-countries.ts";
import { closedAs, refusedBefore } from "#db/queries/suppressions.ts";
import { textArray } from "../base/array.ts";

const { pattern, longest, longestLocalPart } = sendableEmailRule;

/** The table of contacts, by the name that it has in the statement. */
type ContactsName = "c" | "contacts";

/** The reason on the suppression list for each channel; null where the address is not on it. */
export type Suppressed = Record<Channel, RawBuilder<string | null>>;

/** What the check of a recipient (recipient-check.ts) says of a contact, as SQL. */
export interface RecipientSql {
  /** The reason why a message cannot go to the contact, or null. A suppression whose reason is a person's own words comes back as those words. */
  refusal: Record<Channel, RawBuilder<string | null>>;
  /** The address to which a message goes, in the form that is compared within a send. */
  address: Record<Channel, RawBuilder<string | null>>;
}

/**
 * The check of a recipient as SQL, for counting before a send. recipient-check.test.ts holds the two together. A count of
 * many contacts joins the suppression list instead of looking each contact up in it, and passes its columns in.
 */
export function recipientSql(contacts: ContactsName, given?: Suppressed): RecipientSql {
  const column = (name: string) => sql.ref(`${contacts}.${name}`);
  const trimmed = (name: "email" | "phone_number") => sql`btrim(coalesce(${column(name)}, ''), ${blanks}::text)`;
  const address = { sms: sql<string | null>`${column("phone_e164")}`, email: sql<string | null>`lower(${trimmed("email")})` };
  const lookedUp = (channel: Channel) =>
    closedAs(
      sql`(select x.reason from suppressions x
        where x.workspace_id = ${column("workspace_id")} and x.channel = ${sql.lit(channel)} and x.address = ${address[channel]})`,
      refusedBefore(contacts, channel),
    );
  const suppressed = given ?? { sms: lookedUp("sms"), email: lookedUp("email") };
  return {
    address,
    refusal: {
      sms: sql`case when ${column("dnc")} then 'dnc'
        else coalesce(${suppressed.sms},
          case when ${column("sms_opted_out_at")} is not null then 'opted_out_sms'
            when ${column("phone_e164")} ~ '^[+][1-9][0-9]{6,14}$' then
              case when not ${isSmsCountryAllowed(contacts)} then 'country_not_allowed' end
            when ${trimmed("phone_number")} <> '' or ${column("phone_e164")} <> '' then 'bad_phone'
            else 'no_phone' end) end`,
      email: sql`case when ${column("dnc")} then 'dnc'
        else coalesce(${suppressed.email},
          case when ${column("email_opted_out_at")} is not null then 'opted_out_email'
            when ${isSendable(contacts)} then null
            when ${trimmed("email")} = '' then 'no_email'
            else 'bad_email' end) end`,
    },
  };
}

/** Whether the sandbox of a workspace lets an address through, as isOutsideSandbox (recipient-check.ts) says it of one. */
export const isInSandbox = (address: RawBuilder<string | null>, { sandbox }: Pick<SendingRules, "sandbox">): RawBuilder<SqlBool> =>
  sandbox.on ? sql`lower(${address}) = any(${textArray(sandbox.addresses.map((one) => one.trim().toLowerCase()))}::text[])` : sql`true`;

/** Whether e-mail can go to the address of a contact. Almost every address is stored without blanks around it, so the column answers first. */
export function isSendable(contacts: ContactsName): RawBuilder<boolean> {
  const typed = sql`btrim(coalesce(${sql.ref(`${contacts}.email`)}, ''), ${blanks}::text)`;
  return sql`(${sql.ref(`${contacts}.email_usable`)} or length(${typed}) <= ${longest}::int
    and strpos(${typed}, '@') <= ${longestLocalPart + 1}::int and ${typed} ~ ${pattern}::text)`;
}

/** The check of contact `c`. */
export const { refusal: refusalSql, address: addressSql } = recipientSql("c");
