import type { ImportMapping, ImportTarget } from "./imports.ts";
import { isForbiddenName } from "./paths.ts";

/**
 * Header names as Google Contacts, HubSpot, Mailchimp, HighLevel and people's own sheets write them, best first: where a
 * file has several columns for one thing, the one named earlier here gets it and the others are kept as metadata.
 */
const known: readonly [Exclude<ImportTarget, "metadata" | "ignore">, readonly string[]][] = [
  ["firstname", ["first name", "firstname", "given name", "forename", "fname", "vorname", "nombre", "prenom"]],
  [
    "lastname",
    ["last name", "lastname", "family name", "surname", "lname", "nachname", "familienname", "apellido", "apellidos", "nom de famille"],
  ],
  ["name", ["name", "full name", "fullname", "contact name", "display name"]],
  [
    "email",
    [
      "email",
      "email address",
      "e mail",
      "e mail address",
      "e mail 1 value",
      "email 1",
      "primary email",
      "mail",
      "correo",
      "correo electronico",
      "courriel",
    ],
  ],
  [
    "phone_number",
    [
      ...["phone", "phone number", "mobile phone number", "mobile phone", "mobile", "mobile number", "cell", "cell phone", "phone 1 value"],
      ...[
        "telephone",
        "tel",
        "sms phone number",
        "sms",
        "telefon",
        "handy",
        "mobil",
        "telefono",
        "movil",
        "celular",
        "telephone portable",
        "portable",
      ],
    ],
  ],
  ["lead_status", ["lead status", "leadstatus", "lead state"]],
  ["conversation_status", ["conversation status", "conversationstatus"]],
  ["time_zone", ["time zone", "timezone", "zeitzone", "zona horaria", "fuseau horaire"]],
  ["sms_opted_out", ["sms opted out", "sms opt out", "opted out of sms", "sms unsubscribed", "dnd sms", "text opt out"]],
  [
    "email_opted_out",
    [
      "email opted out",
      "email opt out",
      "opted out of e mail",
      "opted out of email",
      "unsubscribed from all email",
      "unsub time",
      "unsubscribed",
      "dnd email",
    ],
  ],
];

/** Columns that only say what kind of value the next one holds ("Phone 1 - Label"), or nothing at all. */
const labelOfValue = /^(e mail|phone|address|website|relation|event|im|custom field|organization) \d+ (label|type)$/;

export const isUsableHeader = (header: string): boolean => header.length > 0 && header.length <= 200 && !isForbiddenName(header);

/**
 * What each column of a CSV file most likely is. Nobody's data is dropped by a guess: what is not recognised becomes
 * metadata under its own name. Consent is only ever taken from a column that says so.
 */
export function guessMapping(headers: readonly string[]): ImportMapping {
  const usable = [...new Set(headers.map((header) => header.trim()))].filter(isUsableHeader);
  const mapping = new Map<string, ImportTarget>(usable.map((header) => [header, labelOfValue.test(plain(header)) ? "ignore" : "metadata"]));
  for (const [target, names] of known) {
    const found = names.flatMap((name) => usable.filter((header) => plain(header) === name))[0];
    if (found !== undefined) mapping.set(found, target);
  }
  return Object.fromEntries(mapping);
}

/** Lower case, without accents, words parted by single spaces: "E-mail 1 - Value" → "e mail 1 value". */
function plain(header: string): string {
  return header
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
