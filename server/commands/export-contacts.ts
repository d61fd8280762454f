import { once } from "node:events";
import type { Writable } from "node:stream";
import { stringify } from "csv-stringify/sync";
import type { Contact, ContactFilter } from "#contract/contacts.ts";
import type { Tx } from "#db/client.ts";
import type { ContactOrder } from "#db/queries/contact-sort.ts";
import { listContacts } from "#db/queries/contacts.ts";

const rowsPerPage = 1000;

/** Named as the import names its targets, so that a file that was exported can be imported as it is. */
const columns: Record<string, (contact: Contact) => string | null> = {
  id: (contact) => contact.id,
  firstname: (contact) => contact.firstname,
  lastname: (contact) => contact.lastname,
  name: (contact) => contact.name,
  email: (contact) => contact.email,
  phone_number: (contact) => contact.phoneE164 ?? contact.phoneNumber,
  lead_status: (contact) => contact.leadStatus,
  conversation_status: (contact) => contact.conversationStatus,
  time_zone: (contact) => contact.timeZone,
  sms_opted_out: (contact) => contact.smsOptedOutAt,
  email_opted_out: (contact) => contact.emailOptedOutAt,
  dnc: (contact) => (contact.dnc ? "yes" : ""),
  metadata: (contact) => (Object.keys(contact.metadata).length === 0 ? "" : JSON.stringify(contact.metadata)),
  created_at: (contact) => contact.createdAt,
  updated_at: (contact) => contact.updatedAt,
};

export interface ContactsExport {
  workspaceId: string;
  filter?: ContactFilter;
  order: ContactOrder;
  /** Runs one short read; none of them lasts as long as the download. */
  read: <T>(fn: (db: Tx) => Promise<T>) => Promise<T>;
}

/**
 * All matching contacts as CSV (RFC 4180), a page at a time. A value that a spreadsheet would run as a formula gets an
 * apostrophe in front, telephone numbers with their + included; the import takes it off again.
 */
export async function* exportContacts({ workspaceId, filter, order, read }: ContactsExport): AsyncGenerator<string> {
  let cursor: string | undefined;
  do {
    const page = await read((db) => listContacts(db, { workspaceId, filter, ...order, limit: rowsPerPage, cursor }));
    // Excel takes a file for the machine's old code page unless it begins with this mark, and spoils every name with an
    // accent; everything else that reads UTF-8 skips it.
    if (cursor === undefined) yield `\u{FEFF}${toCsv([Object.keys(columns)])}`;
    if (page.items.length > 0) yield toCsv(page.items.map((contact) => Object.values(columns).map((column) => column(contact))));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

const toCsv = (rows: (string | null)[][]): string => stringify(rows, { escape_formulas: true, record_delimiter: "\r\n" });

/** Writes no faster than the other side reads. Ends early when it goes away. */
export async function writeAll(chunks: AsyncIterable<string>, out: Writable, signal: AbortSignal): Promise<void> {
  for await (const chunk of chunks) {
    if (signal.aborted) return;
    if (!out.write(chunk)) await once(out, "drain", { signal }).catch(() => {});
  }
  out.end();
}
