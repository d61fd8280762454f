import { type CountryCode, isSupportedCountry, type NumberType, type PhoneNumber, parsePhoneNumberFromString } from "libphonenumber-js/max";
import { oneSpelling } from "#contract/one-spelling.ts";
import { typedText } from "#contract/typed-text.ts";

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
  const written = bareNumber(typed ?? "");
  if (written === "") return null;
  const text = withAllDigits(written) ?? written;
  const spoilt = spoiltBySpreadsheet(text);
  if (spoilt) return unusable(spoilt);
  const number = parse(withoutFormerPrefix(text, country), country);
  if (!number) return unusable("is not a phone number");
  if (number.ext) return unusable("has an extension, which cannot receive messages");
  if (!number.isValid()) return unusable(explainInvalid(text, country));
  const other = otherReading(text, number);
  if (other) return unusable(`can be read as ${number.number} or as ${other}; write it with + and the country code`);
  const type = number.getType();
  const refusal = type && refusedTypes.get(type);
  if (refusal) return unusable(refusal);
  // Messages to satellite and other non-geographic numbers cost up to a hundred times the usual price.
  if (number.isNonGeographic()) return unusable("belongs to no country (satellite or global service)");
  return { e164: oneSpelling(number.number), problem: null };
}

/** Whether numbers without a country code can be read as of this country (ISO 3166). */
export const isPhoneCountry = (country: string): boolean => isSupportedCountry(country);

/** The country (ISO 3166) of a number in E.164 form; null where it belongs to none. The database says the same of a stored number. */
export const phoneCountry = (e164: string): string | null => parsePhoneNumberFromString(e164)?.country ?? null;

/**
 * Says whether messages to what was typed reach a telephone on a wall: of several numbers of a person it is the worse one. It takes the typed text,
 * because a number of Argentina is kept as if it were a mobile phone's.
 */
export const isLandline = (typed: string, country: string): boolean =>
  parse(withoutFormerPrefix(bareNumber(typed), country), country)?.getType() === "FIXED_LINE";

/**
 * The number of who wrote, as a contact has it: carriers report other forms of it than people type, and some leave the plus away. What is
 * no full number stays as it came, as the number of a shop does that writes under its name.
 */
export function numberOfWriter(party: string): string {
  const text = party.trim();
  if (!/^\+?[1-9]\d{9,14}$/.test(text)) return party;
  return readPhone(oneSpelling(text.startsWith("+") ? text : `+${text}`), "US")?.e164 ?? party;
}

/** A whole number that went through a column of decimals ends in ".0", which adds no digit to it. */
const bareNumber = (typed: string): string =>
  typedText(typed)
    .replace(/\p{Cf}/gu, "")
    .replace(/^['‘’`´]+/, "")
    .replace(/^tel:/i, "")
    .trim()
    .replace(/^(\+?\d{7,})[.,]0+$/, "$1");

/** A number in scientific notation with all of its digits: "6.641234567E9". Undefined where there are fewer or more than it has. */
function withAllDigits(text: string): string | undefined {
  const [, sign = "", first = "", rest = "", exponent = ""] = /^(\+?)([1-9])[.,](\d+?)0*\s*e\s*\+?0*(\d+)$/i.exec(text) ?? [];
  // Zeros at the end of the digits are digits of the number as far as the exponent reaches.
  const digits = (/[.,](\d+)/.exec(text)?.[1] ?? "").slice(0, Number(exponent));
  return rest.length <= digits.length && digits.length === Number(exponent) && exponent !== "" ? `${sign}${first}${digits}` : undefined;
}

/**
 * Until 2019 the mobile phones of Mexico were dialled with a 1 after the country code, and with 044, 045 or 01 inside the
 * country. The numbering plan has dropped these; the ten digits behind them are the number. Who types a number of Argentina with both the 9 and
 * the 15 means the same as with one of them.
 */
function withoutFormerPrefix(text: string, country: string): string {
  const digits = text.replace(/[\s().\-/]/g, "");
  const abroad = /^(?:\+|00)(5(?:21|49)\d{10,12})$/.exec(digits);
  if (abroad) {
    const known = oneSpelling(`+${abroad[1]}`);
    return known === `+${abroad[1]}` ? text : known;
  }
  const inside = country === "MX" ? /^(?:521|1|01|044|045)(\d{10})$/.exec(digits) : null;
  return inside?.[1] === undefined ? text : `+52${inside[1]}`;
}

/** Digits that a spreadsheet rounded or cut are lost. What is left may be the number of somebody else. */
function spoiltBySpreadsheet(text: string): string | undefined {
  if (/^[+-]?\d+([.,]\d+)?\s*e\s*[+-]?\d+$/i.test(text)) return "was shortened by a spreadsheet, and its last digits are lost";
  if (/^\+?\d{7,}[.,]\d{1,2}$/.test(text)) return "has decimals, which no phone number has";
  return undefined;
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

/**
 * Digits that begin with the country's own code, without + and without the 0 of a national number: "4915112345678" is a
 * mobile phone of Germany, or one of the town of Leer (04915). Nobody can tell, and the wrong guess is another person.
 */
function otherReading(text: string, number: PhoneNumber): string | undefined {
  const digits = text.replace(/[\s().\-/]/g, "");
  if (!/^[1-9]\d+$/.test(digits) || !digits.startsWith(number.countryCallingCode) || `+${digits}` === number.number) return undefined;
  const international = parsePhoneNumberFromString(`+${digits}`, { extract: false });
  return international?.isPossible() ? international.number : undefined;
}

function explainInvalid(text: string, country: string): string {
  return /^[\s(]*(\+|00)/.test(text)
    ? "is not a valid number"
    : `is not a valid number in ${country}; for another country begin with + and its code`;
}
