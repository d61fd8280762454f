import { apiName, isRequired, textFields } from "#contract/contact-fields.ts";
import { freeDataProblem } from "#contract/free-data.ts";
import type { ImportOverwrite } from "#contract/imports.ts";
import type { ImportedContact } from "./imported-contact.ts";

/**
 * The values of a contact after a row of a file. A later value replaces an earlier one, except where the row says nothing
 * or gives a number or an address that cannot be used. Answers `earlier` itself where the row changes nothing.
 */
export function overlay(earlier: ImportedContact, later: ImportedContact): ImportedContact {
  const said = Object.fromEntries(Object.entries(later).filter(([, value]) => value !== null && value !== "")) as Partial<ImportedContact>;
  // The same number in another form is no news: an exported number would replace what a person once typed.
  const isOtherNumber = later.phoneE164 ? later.phoneE164 !== earlier.phoneE164 : later.phoneNumber !== null && !earlier.phoneNumber;
  const phone = isOtherNumber ? later : earlier;
  const email = later.email && (later.emailUsable || !earlier.email) ? later : earlier;
  const source = earlier.sourceId === null ? later : earlier;
  const merged: ImportedContact = {
    ...earlier,
    ...said,
    line: earlier.line,
    contactId: earlier.contactId,
    source: source.source,
    sourceId: source.sourceId,
    phoneNumber: phone.phoneNumber,
    phoneE164: phone.phoneE164,
    email: email.email,
    emailUsable: email.emailUsable,
    smsOptedOutAt: earlier.smsOptedOutAt ?? later.smsOptedOutAt,
    emailOptedOutAt: earlier.emailOptedOutAt ?? later.emailOptedOutAt,
    dnc: earlier.dnc || later.dnc,
    metadata: overlaidFields(earlier.metadata, later.metadata),
  };
  return isSame(earlier, merged) ? earlier : merged;
}

/** A file holds texts only. A number or a list that a text only repeats stays what it is. */
function overlaidFields(earlier: Record<string, unknown>, later: Record<string, unknown>): Record<string, unknown> {
  const said = Object.entries(later).filter(([key, value]) => !(key in earlier) || asText(earlier[key]) !== value);
  if (said.length === 0) return earlier;
  const merged = { ...earlier, ...Object.fromEntries(said) };
  // Many files, each within the limits, must not make a contact beyond them. What is known already is then worth more.
  return freeDataProblem(merged) === undefined ? merged : earlier;
}

function isSame(a: ImportedContact, b: ImportedContact): boolean {
  const { metadata: fieldsOfA, ...valuesOfA } = a;
  const { metadata: fieldsOfB, ...valuesOfB } = b;
  const names = Object.keys(valuesOfA) as (keyof typeof valuesOfA)[];
  return names.every((name) => valuesOfA[name] === valuesOfB[name]) && changedFields(fieldsOfA, fieldsOfB).length === 0;
}

/** Values that a row replaced by others. Another form of the same number or address is none. */
export function overwritesOf(before: ImportedContact, after: ImportedContact, line: number): ImportOverwrite[] {
  if (before === after) return [];
  const overwrites: ImportOverwrite[] = [];
  const compare = (field: string, from: string | null, to: string | null) => {
    if (from && from !== to) overwrites.push({ line, field, from, to: to ?? "" });
  };
  for (const field of textFields) {
    if (field === "email" && before.email?.toLowerCase() === after.email?.toLowerCase()) continue;
    compare(field, before[apiName(field)], after[apiName(field)]);
  }
  if (before.phoneE164 !== after.phoneE164 || !before.phoneE164) compare("phone_number", before.phoneNumber, after.phoneNumber);
  for (const key of changedFields(before.metadata, after.metadata)) {
    const from = before.metadata[key];
    if (from !== undefined && from !== null) compare(`metadata.${key}`, asText(from), asText(after.metadata[key]));
  }
  return overwrites;
}

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value ?? ""));

/** The custom fields whose values differ. */
export const changedFields = (before: Record<string, unknown>, after: Record<string, unknown>): string[] =>
  Object.keys(after).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));

/** The columns that differ, with the values of one side each; the journal of an import keeps both. */
export function columnChanges(before: ImportedContact, after: ImportedContact): { before: Stored; after: Stored } {
  const [from, to] = [storedColumns(before), storedColumns(after)];
  const columns = Object.keys(from).filter((column) => from[column] !== to[column]);
  const keys = changedFields(before.metadata, after.metadata);
  const side = (stored: Stored, metadata: Record<string, unknown>): Stored => ({
    ...Object.fromEntries(columns.map((column) => [column, stored[column] ?? null])),
    ...(keys.length === 0 ? {} : { metadata: Object.fromEntries(keys.map((key) => [key, metadata[key] ?? null])) }),
  });
  return { before: side(from, before.metadata), after: side(to, after.metadata) };
}

type Stored = Record<string, unknown>;

const storedColumns = (contact: ImportedContact): Stored => ({
  ...Object.fromEntries(textFields.map((field) => [field, contact[apiName(field)] ?? (isRequired(field) ? "" : null)])),
  phone_number: contact.phoneNumber,
  phone_e164: contact.phoneE164,
  source: contact.source,
  source_id: contact.sourceId,
});
