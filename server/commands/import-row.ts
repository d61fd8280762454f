import { readPhone } from "#channels/sms/phone.ts";
import type { ApiName, TextField } from "#contract/contact-fields.ts";
import { apiName, contactFields, textFields } from "#contract/contact-fields.ts";
import { isSendableEmail } from "#contract/email-address.ts";
import type { ImportProblem } from "#contract/imports.ts";
import { isForbiddenName } from "#contract/paths.ts";
import { isStorableJson, storableText } from "#contract/storable.ts";
import type { ImportedContact } from "#db/queries/contact-merge.ts";
import type { CsvRecord } from "./csv-records.ts";
import type { ImportColumn } from "./import-columns.ts";
import { isTimeZone } from "./typed-contact.ts";

/** A row of the file as a contact. Without `contact` the row is refused, and the problems say why. */
export interface ReadRow {
  contact: ImportedContact | null;
  problems: ImportProblem[];
}

const longestMetadata = 2000;
const noTexts = Object.fromEntries(textFields.map((field) => [apiName(field), null])) as Record<ApiName<TextField>, null>;

export function readRow({ line, cells }: CsvRecord, columns: readonly ImportColumn[], width: number, country: string): ReadRow {
  const problems: ImportProblem[] = [];
  const say = (column: string | null, message: string) => void problems.push({ line, column, message });
  if (cells.slice(width).some((cell) => cell.trim() !== "")) {
    say(null, `The row has ${cells.length} values and the header ${width}: a value that contains the delimiter needs quotation marks`);
    return { contact: null, problems };
  }

  if (cells.some((cell) => cell.includes("\u{FFFD}"))) say(null, "Some characters could not be read: the file is not in UTF-8 throughout");

  const contact: ImportedContact = {
    ...noTexts,
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
        readNumber(contact, kept(firstOf(value), contactFields.phone.longest, header), country, (message) => say(header, message));
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

/** Of several columns the first usable value is taken, else the first of all. */
function readNumber(contact: ImportedContact, typed: string | null, country: string, say: (message: string) => void): void {
  if (typed === null || contact.phoneE164) return;
  const phone = readPhone(typed, country);
  if (!phone) return;
  if (phone.problem) say(`The number ${phone.problem}; it is kept, but cannot be sent to`);
  if (phone.e164 || !contact.phoneNumber) Object.assign(contact, { phoneNumber: typed, phoneE164: phone.e164 });
}

function readEmail(contact: ImportedContact, address: string | null, say: (message: string) => void): void {
  if (address === null || contact.emailUsable) return;
  const usable = isSendableEmail(address);
  if (!usable) say("Not an e-mail address that can be written to; it is kept as it is");
  if (usable || !contact.email) Object.assign(contact, { email: address, emailUsable: usable });
}

/** Google Contacts puts several values of one kind into a cell. */
const firstOf = (value: string) => (value.split(" ::: ")[0] ?? "").trim();

/** Without the apostrophe that our export, and others', put before what a spreadsheet would take for a formula. */
function cleanCell(cell: string): string {
  const text = storableText(cell).normalize("NFC").trim();
  return /^'[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? text.slice(1).trim() : text;
}

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
