import { isLandline, type ReadPhone, readPhone } from "#channels/sms/phone.ts";
import type { ApiName, TextField } from "#contract/contact-fields.ts";
import { apiName, contactFields, textFields } from "#contract/contact-fields.ts";
import { isSendableEmail } from "#contract/email-address.ts";
import { isUsableHeader } from "#contract/import-mapping.ts";
import type { ImportProblem } from "#contract/imports.ts";
import { isForbiddenName } from "#contract/paths.ts";
import { isStorableJson, storableText } from "#contract/storable.ts";
import { typedText } from "#contract/typed-text.ts";
import type { ImportedContact } from "#db/queries/imported-contact.ts";
import type { CsvRecord } from "./csv-records.ts";
import type { ImportColumn } from "./import-columns.ts";
import { isTimeZone } from "./typed-contact.ts";

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
  columns: readonly ImportColumn[],
  width: number,
  { country, source }: RowReading,
): ReadRow {
  const problems: ImportProblem[] = [];
  const say = (column: string | null, message: string) => void problems.push({ line, column, message });
  if (cells.slice(width).some((cell) => cell.trim() !== "")) {
    say(null, `The row has ${cells.length} values and the header ${width}: a value that contains the delimiter needs quotation marks`);
    return { contact: null, problems };
  }

  if (cells.some((cell) => cell.includes("\u{FFFD}"))) say(null, "Some characters could not be read: the file is not in UTF-8 throughout");

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
    metadata: {},
  };
  const metadata = new Map<string, unknown>();
  let refused = false;
  const kept = (value: string, limit: number, column: string): string | null => {
    if (value.length <= limit) return value;
    say(column, `Longer than ${limit} characters, so it was left out`);
    return null;
  };

  const numbers = columns.flatMap(({ index, header, target }) => {
    const typed = target === "phone_number" ? kept(firstOf(cleanCell(cells[index] ?? "")), contactFields.phone.longest, header) : null;
    return typed ? [{ header, typed, phone: readPhone(typed, country) }] : [];
  });
  const number = bestNumber(numbers);
  if (number) Object.assign(contact, { phoneNumber: number.typed, phoneE164: number.phone?.e164 ?? null });
  for (const one of numbers) {
    if (one.phone?.problem) say(one.header, `The number ${one.phone.problem}; it is kept, but cannot be sent to`);
    // The other numbers of the person are kept under the names of their columns.
    if (one !== number && one.typed !== number?.typed && isUsableHeader(one.header)) metadata.set(one.header, one.typed);
  }

  for (const { index, header, target } of columns) {
    const value = cleanCell(cells[index] ?? "");
    if (value === "") continue;
    switch (target) {
      case "email":
        readEmail(contact, kept(firstOf(value).replace(/^mailto:/i, ""), contactFields.email.longest, header), (message) =>
          say(header, message),
        );
        break;
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
      case "time_zone":
        if (isTimeZone(value)) contact.timeZone ??= value;
        else say(header, "Not the name of a time zone, such as Europe/Athens, so it was left out");
        break;
      case "sms_opted_out":
      case "email_opted_out": {
        const optedOutAt = readOptOut(value);
        if (optedOutAt === undefined) {
          // Taking it for a no could write to somebody who asked not to be written to.
          say(
            header,
            `"${storableText(value.slice(0, 40))}" is neither yes, no nor a date, and consent is not guessed: the row was refused`,
          );
          refused = true;
        } else if (target === "sms_opted_out") contact.smsOptedOutAt ??= optedOutAt;
        else contact.emailOptedOutAt ??= optedOutAt;
        break;
      }
      case "metadata":
        for (const [key, part] of metadataOf(header, value)) {
          if (typeof part !== "string" || kept(part, longestMetadata, header) !== null) metadata.set(key, part);
        }
        break;
      default:
        contact[apiName(target)] ??= kept(value, contactFields[target].longest, header);
    }
  }
  contact.metadata = Object.fromEntries(metadata);
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

/** Of several numbers the first that is no landline is the one to write to, else the first usable one, else the first. */
const bestNumber = (numbers: readonly TypedNumber[]): TypedNumber | undefined =>
  numbers.find(({ phone }) => phone?.e164 && !isLandline(phone.e164)) ?? numbers.find(({ phone }) => phone?.e164) ?? numbers[0];

/** Of several columns the first usable value is taken, else the first of all. */
function readEmail(contact: ImportedContact, address: string | null, say: (message: string) => void): void {
  if (address === null || contact.emailUsable) return;
  const usable = isSendableEmail(address);
  if (!usable) say("Not an e-mail address that can be written to; it is kept as it is");
  if (usable || !contact.email) Object.assign(contact, { email: address, emailUsable: usable });
}

/** Google Contacts puts several values of one kind into a cell. */
const firstOf = (value: string) => (value.split(" ::: ")[0] ?? "").trim();

const cleanCell = (cell: string): string => typedText(storableText(cell).normalize("NFC"));

const yes = /^(yes|y|true|t|1|x|opted[ -]?out|unsubscribed|opt[ -]?out|ja|si|sí|oui)$/i;
const no = /^(no|n|false|f|0|none|opted[ -]?in|subscribed|opt[ -]?in|nein|non|-)$/i;

/** When the person opted out; null for "did not"; undefined where the value does not say. */
function readOptOut(value: string): "now" | Date | null | undefined {
  if (yes.test(value)) return "now";
  if (no.test(value)) return null;
  // Mailchimp and our own export give the moment itself.
  const moment = /^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value.replace(/^(\S+) (\S+)$/, "$1T$2Z")) : Number.NaN;
  return Number.isNaN(moment) ? undefined : new Date(moment);
}

/** A column becomes one field; our own export's column of that name becomes all that were in it. */
function metadataOf(header: string, value: string): [string, unknown][] {
  if (header !== "metadata" || !value.startsWith("{")) return [[header, value]];
  try {
    const fields = JSON.parse(value) as Record<string, unknown>;
    // Escapes of what a database cannot store; as plain text they do no harm.
    if (!isStorableJson(JSON.stringify(fields))) return [[header, value]];
    return Object.entries(fields).filter(([key]) => !isForbiddenName(key));
  } catch {
    return [[header, value]];
  }
}
