import { once } from "node:events";
import type { Writable } from "node:stream";
import { stringify } from "csv-stringify/sync";
import type { TextField } from "#contract/contact-fields.ts";
import { apiName, exportedFields, fileName, isTextField } from "#contract/contact-fields.ts";
import type { Contact, ContactFilter } from "#contract/contacts.ts";
import { guardedCell } from "#contract/csv/formula-guard.ts";
import { ownHeader } from "#contract/import-mapping.ts";
import { importLimits } from "#contract/imports.ts";
import type { Tx } from "#db/client.ts";
import type { ContactOrder } from "#db/queries/contact-sort.ts";
import { customFieldNames, listContacts } from "#db/queries/contacts.ts";

const rowsPerPage = 1000;

type Cell = (contact: Contact) => string | null;

/** The fields that are not one text, and how each is written. */
const cells: Record<Exclude<(typeof exportedFields)[number], TextField>, Cell> = {
  phone: (contact) => contact.phoneE164 ?? contact.phoneNumber,
  sms_opted_out: (contact) => contact.smsOptedOutAt,
  email_opted_out: (contact) => contact.emailOptedOutAt,
  dnc: (contact) => (contact.dnc ? "yes" : ""),
  created_at: (contact) => contact.createdAt,
  updated_at: (contact) => contact.updatedAt,
};
/** The columns have the names of the import's targets, so that an exported file can be imported as it is. */
const ownColumns = new Map<string, Cell>([["id", (contact) => contact.id]]);
for (const field of exportedFields) {
  ownColumns.set(fileName(field), isTextField(field) ? (contact) => contact[apiName(field)] : cells[field]);
}

/** A column for each custom field. What is more than an import can read goes into one column, as JSON. */
function columnsFor(fields: readonly string[]): Map<string, Cell> {
  const columns = new Map(ownColumns);
  const shown = fields.slice(0, importLimits.columns - ownColumns.size - 1);
  for (const field of shown) columns.set(ownHeader(field), ({ metadata }) => customText(metadata[field]));
  if (shown.length < fields.length) {
    const shownFields = new Set(shown);
    columns.set("metadata", ({ metadata }) => {
      const rest = Object.entries(metadata).filter(([field]) => !shownFields.has(field));
      return rest.length === 0 ? "" : JSON.stringify(Object.fromEntries(rest));
    });
  }
  return columns;
}

const customText = (value: unknown): string =>
  value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);

export interface ContactsExport {
  workspaceId: string;
  filter?: ContactFilter;
  order: ContactOrder;
  /** Runs one short read; none of them lasts as long as the download. */
  read: <T>(fn: (db: Tx) => Promise<T>) => Promise<T>;
}

/**
 * All matching contacts as CSV (RFC 4180), a page at a time. Every value is quoted, so that none of it begins a cell where
 * a program parts the line in another way. A value that a spreadsheet would run as a formula gets an apostrophe in front,
 * and the import takes it off again. A telephone number is no formula, and other systems read it as it is.
 */
export async function* exportContacts({ workspaceId, filter, order, read }: ContactsExport): AsyncGenerator<string> {
  const columns = columnsFor(await read((db) => customFieldNames(db, { workspaceId, filter })));
  let cursor: string | undefined;
  do {
    const page = await read((db) => listContacts(db, { workspaceId, filter, ...order, limit: rowsPerPage, cursor }));
    // Excel takes a file for the machine's old code page unless it begins with this mark, and spoils every name with an
    // accent; everything else that reads UTF-8 skips it.
    if (cursor === undefined) yield `\u{FEFF}${toCsv([[...columns.keys()]])}`;
    if (page.items.length > 0) yield toCsv(page.items.map((contact) => [...columns.values()].map((cell) => cell(contact))));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

const toCsv = (rows: (string | null)[][]): string =>
  stringify(
    rows.map((row) => row.map((value) => (value ? guardedCell(value) : null))),
    { quoted_string: true, record_delimiter: "\r\n" },
  );

/** Writes no faster than the other side reads. Ends early when it goes away. */
export async function writeAll(chunks: AsyncIterable<string>, out: Writable, signal: AbortSignal): Promise<void> {
  for await (const chunk of chunks) {
    if (signal.aborted) return;
    if (!out.write(chunk)) await once(out, "drain", { signal }).catch(() => {});
  }
  out.end();
}
