import { isLandline, type ReadPhone, readPhone } from "#channels/sms/phone.ts";
import type { ApiName, TextField } from "#contract/contact-fields.ts";
import { apiName, contactFields, textFields } from "#contract/contact-fields.ts";
import { type ConsentTarget, isConsentTarget, readConsents } from "#contract/csv/consent.ts";
import type { CsvRecord } from "#contract/csv/dialect.ts";
import { unguarded } from "#contract/csv/formula-guard.ts";
import { isSendableEmail, withPlainDomain } from "#contract/email-address.ts";
import { freeDataProblem } from "#contract/free-data.ts";
import type { ImportProblem } from "#contract/imports.ts";
import { isForbiddenName } from "#contract/paths.ts";
import { isStorableJson, storableText } from "#contract/storable.ts";
import { readTimeZone, timeZoneProblem } from "#contract/time-zones.ts";
import { typedText } from "#contract/typed-text.ts";
import type { ImportedContact } from "#db/queries/imported-contact.ts";
import type { TakenColumn } from "./import-columns.ts";

/** A row of the file as a contact. Without `contact` the row is refused, and the problems say why. */
export interface ReadRow {
  contact: ImportedContact | null;
  problems: ImportProblem[];
}

const longestMetadata = 2000;
const longestSourceId = 200;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const noTexts = Object.fromEntries(textFields.map((field) => [apiName(field), null])) as Record<ApiName<TextField>, null>;

export interface RowReading {
  /** The country of numbers without a country code. */
  country: string;
  /** The system whose ids the file gives; the name of the column unless told. */
  source: string | undefined;
}

export function readRow(
  { line, cells }: CsvRecord,
  columns: readonly TakenColumn[],
  width: number,
  { country, source }: RowReading,
): ReadRow {
  const problems: ImportProblem[] = [];
  const say = (column: string | null, message: string) => void problems.push({ line, column, message });
  if (cells.slice(width).some((cell) => cell.trim() !== "")) {
    say(null, `The row has ${cells.length} values and the header ${width}: a value that contains the delimiter needs quotation marks`);
    return { contact: null, problems };
  }

  const contact: ImportedContact = {
    ...noTexts,
    line,
    contactId: null,
    source: null,
    sourceId: null,
    emailUsable: false,
    phoneNumber: null,
    phoneE164: null,
    smsOptedOutAt: null,
    emailOptedOutAt: null,
    dnc: false,
    metadata: {},
  };
  const metadata = new Map<string, unknown>();
  let refused = false;
  const kept = (value: string, limit: number, column: string): string | null => {
    if (value.length <= limit) return value;
    say(column, `Longer than ${limit} characters, so it was left out`);
    return null;
  };

  const readCell = ({ index, isOwn }: TakenColumn) => (isOwn ? unguarded(storableText(cells[index] ?? "")) : cleanCell(cells[index] ?? ""));
  const numbers = columns.flatMap((column) => {
    const { header, target, isOwn } = column;
    const value = target === "phone_number" ? readCell(column) : "";
    if (value.includes("\u{FFFD}")) return [];
    return partsOf(value, isOwn).flatMap((part) => {
      const typed = kept(part, contactFields.phone.longest, header);
      return typed ? [{ header, typed, phone: readPhone(typed, country) }] : [];
    });
  });
  const number = bestNumber(numbers, country);
  if (number) Object.assign(contact, { phoneNumber: number.typed, phoneE164: number.phone?.e164 ?? null });
  for (const one of numbers) {
    if (one.phone?.problem) say(one.header, `The number ${one.phone.problem}; it is kept, but cannot be sent to`);
    // The other numbers of the person are kept under the names of their columns.
    if (one !== number && one.typed !== number?.typed) metadata.set(one.header, joined(metadata.get(one.header), one.typed));
  }

  for (const column of columns) {
    const { header, target, isOwn } = column;
    const value = readCell(column);
    if (value === "") continue;
    if (value.includes("\u{FFFD}")) {
      say(header, unreadable);
      // A consent that cannot be read may be a refusal.
      if (isConsentTarget(target)) refused = true;
      continue;
    }
    switch (target) {
      case "email": {
        const [first = "", ...others] = partsOf(value, isOwn);
        readEmail(contact, kept(isOwn ? first : first.replace(/^mailto:/i, ""), contactFields.email.longest, header), (message) =>
          say(header, message),
        );
        if (others.length > 0) metadata.set(header, others.join(", "));
        break;
      }
      case "phone_number":
        break;
      case "contact_id":
        if (uuid.test(value)) contact.contactId ??= value.toLowerCase();
        else say(header, "Not an id of this product, so the row was matched by its number and address");
        break;
      case "source_id":
        if (contact.sourceId === null) {
          contact.sourceId = kept(value, longestSourceId, header);
          contact.source = contact.sourceId === null ? null : (source ?? header);
        }
        break;
      case "time_zone": {
        const zone = readTimeZone(value);
        if (zone === undefined) say(header, `${timeZoneProblem}, so it was left out`);
        contact.timeZone ??= zone ?? null;
        break;
      }
      case "dnc":
      case "contact_allowed":
      case "sms_opted_out":
      case "sms_allowed":
      case "email_opted_out":
      case "email_allowed": {
        const told = readConsents(target, value);
        if (told === undefined) {
          // Taking it for a no could write to somebody who asked not to be written to.
          say(
            header,
            `"${storableText(value.slice(0, 40))}" is neither yes, no, a date nor a channel, and consent is not guessed: the row was refused`,
          );
          refused = true;
        } else for (const { target: of, at } of told) if (at !== null) takeRefusal(contact, of, at);
        break;
      }
      case "metadata":
        for (const [key, part] of metadataOf(header, value, isOwn)) {
          if (typeof part !== "string" || kept(part, longestMetadata, header) !== null) metadata.set(key, part);
        }
        break;
      default:
        contact[apiName(target)] ??= kept(value, contactFields[target].longest, header);
    }
  }
  const custom = Object.fromEntries(metadata);
  const tooLarge = freeDataProblem(custom);
  if (tooLarge === undefined) contact.metadata = custom;
  else say(null, `The custom fields of the row were left out. ${tooLarge}`);
  if (!contact.firstname && !contact.lastname && !contact.name && !contact.email && !contact.phoneNumber) {
    say(null, "The row has no name, no phone number and no e-mail address");
    refused = true;
  }
  return { contact: refused ? null : contact, problems };
}

interface TypedNumber {
  header: string;
  typed: string;
  phone: ReadPhone | null;
}

/** Picks the number to write to: the first that is no landline, else the first usable one, else the first. */
const bestNumber = (numbers: readonly TypedNumber[], country: string): TypedNumber | undefined =>
  numbers.find(({ phone, typed }) => phone?.e164 && !isLandline(typed, country)) ?? numbers.find(({ phone }) => phone?.e164) ?? numbers[0];

/** Picks the first usable value of several columns, else the first of all. */
function readEmail(contact: ImportedContact, typed: string | null, say: (message: string) => void): void {
  if (typed === null || contact.emailUsable) return;
  const address = withPlainDomain(typed);
  const usable = isSendableEmail(address);
  if (!usable) say("Not an e-mail address that can be written to; it is kept as it is");
  if (usable || !contact.email) Object.assign(contact, { email: address, emailUsable: usable });
}

/** Google Contacts puts several values of one kind into a cell. */
const partsOf = (value: string, isOwn: boolean): string[] => (isOwn ? [value] : value.split(" ::: ").map((part) => part.trim()));
const joined = (before: unknown, more: string): string => (typeof before === "string" ? `${before}, ${more}` : more);

const cleanCell = (cell: string): string => typedText(storableText(cell).normalize("NFC"));

const unreadable = "Some characters could not be read, so the value was left out: choose another encoding for the file";

/** Several columns may refuse. The earliest moment that one of them names is kept. */
function takeRefusal(contact: ImportedContact, target: ConsentTarget, at: "now" | Date): void {
  if (target === "dnc" || target === "contact_allowed") {
    contact.dnc = true;
    return;
  }
  const place = target === "sms_opted_out" || target === "sms_allowed" ? "smsOptedOutAt" : "emailOptedOutAt";
  const before = contact[place];
  if (before === null || before === "now" || (at !== "now" && at < before)) contact[place] = at;
}

/** A column becomes one field; our own export's column of that name becomes all that were in it. */
function metadataOf(header: string, value: string, isOwn: boolean): [string, unknown][] {
  const isWhole = header === "metadata" && value.startsWith("{");
  // Our own export writes lists and groups of values as JSON. Texts of others that look so stay texts.
  if (!isWhole && !(isOwn && /^[[{]/.test(value))) return [[header, value]];
  try {
    const read = JSON.parse(value) as Record<string, unknown> | unknown[];
    // Escapes of what a database cannot store; as plain text they do no harm.
    if (!isStorableJson(JSON.stringify(read))) return [[header, value]];
    return isWhole ? Object.entries(read).filter(([key]) => !isForbiddenName(key)) : [[header, read]];
  } catch {
    return [[header, value]];
  }
}
