import { type CountryCode, isSupportedCountry, type NumberType, type PhoneNumber, parsePhoneNumberFromString } from "libphonenumber-js/max";

/**
 * A phone number in E.164 form, or the reason why no message can be sent to what was typed. The caller keeps the typed
 * text either way, so that a contact does not lose a number that was written badly.
 */
export type ReadPhone = { e164: string; problem: null } | { e164: null; problem: string };

// These numbers are valid, but they cost the sender or the person extra, or are not a person's phone.
const refusedTypes = new Map<NumberType, string>([
  ["PREMIUM_RATE", "is a premium-rate number"],
  ["SHARED_COST", "is a shared-cost number"],
  ["PERSONAL_NUMBER", "is a personal number that forwards at extra cost"],
  ["PAGER", "is a pager"],
  ["VOICEMAIL", "is a voice mailbox"],
]);

/** A number without a country code is read as one of `country` (ISO 3166). Null when nothing was typed. */
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
  // Messages to satellite and other non-geographic numbers cost up to a hundred times the usual price.
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
