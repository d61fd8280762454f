import type { TextField } from "#contract/contact-fields.ts";
import { apiName, exportedFields, fileName, isTextField } from "#contract/contact-fields.ts";
import type { Contact, Selection } from "#contract/contacts.ts";
import { ownHeader } from "#contract/import-mapping.ts";
import { importLimits } from "#contract/import-settings.ts";
import type { Tx } from "#db/client.ts";
import type { ContactOrder } from "#db/queries/contact-sort.ts";
import { customFieldNames, listContacts } from "#db/queries/contacts.ts";
import { csvPages } from "./csv-file.ts";

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
  selection: Selection;
  order: ContactOrder;
  /** Runs one short read; none of them lasts as long as the download. */
  read: <T>(fn: (db: Tx) => Promise<T>) => Promise<T>;
  /** Learns how many contacts each page holds, before it is written. */
  onPage?: (contacts: number) => void;
}

/** All contacts of a selection as CSV, a page at a time; the import reads it as it is. */
export async function* exportContacts({ workspaceId, selection, order, read, onPage }: ContactsExport): AsyncGenerator<string> {
  const columns = columnsFor(await read((db) => customFieldNames(db, { workspaceId, selection })));
  // A filter without exceptions is read as the table reads it, which knows when an index leads to the matches.
  const which = selection.type === "filter" && selection.excluded.length === 0 ? { filter: selection.filter } : { only: selection };
  const page = (cursor: string | undefined) =>
    read((db) => listContacts(db, { workspaceId, ...which, ...order, limit: rowsPerPage, cursor }));
  yield* csvPages({ columns, page, onPage });
}
