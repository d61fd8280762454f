import { type CountryCode, isSupportedCountry, type NumberType, type PhoneNumber, parsePhoneNumberFromString } from "libphonenumber-js/max";

/**
 * A number as typed and, where a message can be sent to it, as the network knows it. What cannot be used is kept and
 * says why: a contact must not lose a number because it was written badly.
 */
export type ReadPhone = { e164: string; problem: null } | { e164: null; problem: string };

// Valid numbers that cost the sender extra, cost the person extra, or are no person's phone.
const refusedTypes = new Map<NumberType, string>([
  ["PREMIUM_RATE", "is a premium-rate number"],
  ["SHARED_COST", "is a shared-cost number"],
  ["PERSONAL_NUMBER", "is a personal number that forwards at extra cost"],
  ["PAGER", "is a pager"],
  ["VOICEMAIL", "is a voice mailbox"],
]);

/** `country` is taken for a number without a country code. Null when nothing was typed. */
export function readPhone(typed: string | null | undefined, country: string): ReadPhone | null {
  const text = (typed ?? "").trim().replace(/^tel:/i, "");
  if (text === "") return null;
  const number = parse(text, country);
  if (!number) return unusable("is not a phone number");
  if (number.ext) return unusable("has an extension, which cannot receive messages");
  if (!number.isValid()) return unusable(explainInvalid(text, country));
  const type = number.getType();
  const refusal = type && refusedTypes.get(type);
  if (refusal) return unusable(refusal);
  // Satellite and other numbers of no country are billed at up to a hundred times the price of a usual message.
  if (number.isNonGeographic()) return unusable("belongs to no country (satellite or global service)");
  return { e164: number.number, problem: null };
}

const unusable = (problem: string): ReadPhone => ({ e164: null, problem });

function parse(text: string, country: string): PhoneNumber | undefined {
  const defaultCountry: CountryCode = isSupportedCountry(country) ? country : "US";
  const number = parsePhoneNumberFromString(text, { defaultCountry, extract: false });
  if (number?.isValid() || !/^[\s(]*00/.test(text)) return number;
  // "00" is how most of the world dials abroad, whatever the default country does.
  const international = parsePhoneNumberFromString(text.replace("00", "+"), { extract: false });
  return international?.isValid() ? international : number;
}

function explainInvalid(text: string, country: string): string {
  return /^[\s(]*(\+|00)/.test(text)
    ? "is not a valid number"
    : `is not a valid number in ${country}; for another country begin with + and its code`;
}
