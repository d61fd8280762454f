import { isSendableEmail } from "#contract/email-address.ts";
import { isFullNumber } from "#contract/full-number.ts";
import { isClosedFor } from "#contract/message-kinds.ts";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import { reasonCodes } from "#contract/reasons.ts";
import type { SendingRules } from "#contract/sending-rules.ts";
import type { ChunkContact } from "../execution/chunk.ts";
import type { MessageDraft } from "../flow/node-executor.ts";

export type RecipientCheck = { to: string; refusal?: undefined } | { refusal: Reason; to?: undefined };

/**
 * Checks whether a contact may be sent a message of this kind on a channel, as stages 2 and 3 of the gate (gate.ts). The order is part of the promise: what
 * protects a person most is checked first, so the history shows the weightiest reason. The caller checks last whether there
 * is a provider.
 *
 * @param smsCountries the countries to which the workspace sends SMS
 */
export function checkRecipient(
  contact: ChunkContact,
  { channel, kind }: Pick<MessageDraft, "channel" | "kind">,
  smsCountries: ReadonlySet<string>,
): RecipientCheck {
  const { fields } = contact;
  if (fields.dnc) return { refusal: "dnc" };
  const { suppressedOf, check } = checks[channel];
  const suppressed = suppressedOf(contact);
  if (suppressed !== null && isClosedFor(kind, suppressed)) return { refusal: toReason(suppressed, channel) };
  return check(contact, smsCountries);
}

interface ChannelCheck {
  /** The reason on the suppression list; null where the address is not on it. */
  suppressedOf(contact: ChunkContact): string | null;
  /** Consent first, then the address, then where it is. */
  check(contact: ChunkContact, smsCountries: ReadonlySet<string>): RecipientCheck;
}

const checks: Record<Channel, ChannelCheck> = {
  sms: {
    suppressedOf: (contact) => contact.suppressedSms,
    check: ({ fields, phoneCountry }, smsCountries) => {
      if (fields.sms_opted_out) return { refusal: "opted_out_sms" };
      if (fields.phone_e164 === null || !isFullNumber(fields.phone_e164))
        return { refusal: fields.phone_number?.trim() || fields.phone_e164 ? "bad_phone" : "no_phone" };
      if (phoneCountry === null || !smsCountries.has(phoneCountry)) return { refusal: "country_not_allowed" };
      return { to: fields.phone_e164 };
    },
  },
  email: {
    suppressedOf: (contact) => contact.suppressedEmail,
    check: ({ fields }) => {
      if (fields.email_opted_out) return { refusal: "opted_out_email" };
      const typed = fields.email?.trim() ?? "";
      if (typed === "") return { refusal: "no_email" };
      return isSendableEmail(typed) ? { to: typed } : { refusal: "bad_email" };
    },
  },
};

/** Whether a workspace in sandbox mode writes to an address. */
export const isOutsideSandbox = (to: string, { sandbox }: SendingRules): boolean =>
  sandbox.on && !sandbox.addresses.some((address) => isSame(address, to));
const isSame = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

/** The suppression list holds what a person asked for, one of our reasons, or a member's own words; the latter are shown as `dnc`. */
export const toReason = (text: string, channel: Channel): Reason =>
  text === "stop" || text === "unsubscribe" ? `opted_out_${channel}` : (reasonCodes.find((code) => code === text) ?? "dnc");
