import { type OpenedCsv, openCsv } from "#contract/csv/open-file.ts";
import type { ImportSettings } from "#contract/import-settings.ts";
import type { ContactImport, ImportProblem } from "#contract/imports.ts";
import { listedSpelling } from "#contract/lead-statuses.ts";
import type { Tx } from "#db/client.ts";
import { addToImport, createImport, endImport, findImport } from "#db/queries/contact-imports.ts";
import { mergeContacts } from "#db/queries/contact-merge.ts";
import type { ImportedContact } from "#db/queries/imported-contact.ts";
import { listLeadStatuses } from "#db/queries/lead-statuses.ts";
import { type CheckedImport, checkImport } from "./check-import.ts";
import { headedRecords } from "./headed-records.ts";
import { ImportRefusal } from "./import-refusal.ts";
import { readRow } from "./import-row.ts";

const rowsPerBatch = 500;

export interface ImportContacts {
  workspaceId: string;
  userId: string;
  settings: ImportSettings;
  /** The workspace's country, for numbers without a country code, where the import names none. */
  country: string;
  file: Uint8Array;
  /** Runs one batch: what it wrote stays whatever comes of the next. */
  inTransaction: <T>(fn: (db: Tx) => Promise<T>) => Promise<T>;
}

/** `repeated`: an import of this id was there, and nothing was done. Undefined: the id is taken, and not by the caller. */
export type ImportOutcome = { result: ContactImport; repeated: boolean; refusal?: ImportRefusal } | undefined;

/**
 * Imports a CSV file in batches, each with its counts. Nothing is written before the whole file was read and found good. The
 * import ends as `done` or `failed` in any case, with a sentence that says what was written.
 */
export async function importContacts(given: ImportContacts): Promise<ImportOutcome> {
  const { workspaceId, userId, settings, inTransaction } = given;
  const { importId, fileName, ...options } = settings;
  const key = { workspaceId, id: importId };
  const created = await inTransaction((db) => createImport(db, { ...key, fileName: fileName ?? null, options, createdBy: userId }));
  if (!created) {
    const result = await inTransaction((db) => findImport(db, key));
    return result && { result, repeated: true };
  }

  const written = { rows: 0, lastLine: 0 };
  try {
    const opened = openCsv(given.file, settings.encoding);
    if ("refusal" in opened) throw new ImportRefusal(opened.refusal);
    await importRecords(given, opened, await checkImport(opened, settings.columns, settings.headerRow), written);
    return { result: await inTransaction((db) => endImport(db, { ...key, error: null })), repeated: false };
  } catch (error) {
    const refusal = error instanceof ImportRefusal ? error : undefined;
    const reason = refusal?.message ?? "An error in Sluice ended the import.";
    const sentence = `${reason} ${whatStays(written)}`;
    const result = await inTransaction((db) => endImport(db, { ...key, error: sentence }));
    if (!refusal) throw error;
    return { result, repeated: false, refusal: new ImportRefusal(sentence, refusal.problems, refusal.code) };
  }
}

async function importRecords(
  given: ImportContacts,
  opened: OpenedCsv,
  { columns, width }: CheckedImport,
  written: { rows: number; lastLine: number },
): Promise<void> {
  const { source, defaultCountry = given.country } = given.settings;
  const { workspaceId, inTransaction } = given;
  const spellStatus = listedSpelling(await inTransaction((db) => listLeadStatuses(db, { workspaceId })));
  let batch: Batch = emptyBatch();
  const flush = async () => {
    if (batch.rowsRead === 0) return;
    await writeBatch(given, batch);
    written.rows += batch.rowsRead;
    written.lastLine = batch.lastLine;
    batch = emptyBatch();
  };
  let isHeader = true;
  for await (const record of headedRecords(opened, given.settings.headerRow)) {
    if (isHeader) {
      isHeader = false;
      continue;
    }
    const { contact, problems } = readRow(record, columns, width, { country: defaultCountry, source });
    batch.rowsRead += 1;
    batch.lastLine = record.line;
    batch.problems.push(...problems);
    if (contact) batch.contacts.push({ ...contact, leadStatus: contact.leadStatus && spellStatus(contact.leadStatus) });
    if (batch.rowsRead >= rowsPerBatch) await flush();
  }
  await flush();
}

interface Batch {
  contacts: ImportedContact[];
  problems: ImportProblem[];
  rowsRead: number;
  lastLine: number;
}

const emptyBatch = (): Batch => ({ contacts: [], problems: [], rowsRead: 0, lastLine: 0 });

async function writeBatch({ inTransaction, workspaceId, settings }: ImportContacts, batch: Batch): Promise<void> {
  const { contacts, problems, rowsRead } = batch;
  await inTransaction(async (db) => {
    const counts = await mergeContacts(db, { workspaceId, importId: settings.importId, contacts });
    await addToImport(db, { workspaceId, id: settings.importId, rowsRead, ...counts, refused: rowsRead - contacts.length, problems });
  });
}

const whatStays = ({ rows, lastLine }: { rows: number; lastLine: number }): string =>
  rows === 0 ? "Nothing was written." : `The ${rows.toLocaleString("en")} rows up to line ${lastLine} were imported and stay.`;
