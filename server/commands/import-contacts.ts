import { PassThrough, type Readable } from "node:stream";
import type { ContactImport, ImportProblem, ImportQuery } from "#contract/imports.ts";
import { importLimits } from "#contract/imports.ts";
import { storableText } from "#contract/storable.ts";
import type { Tx } from "#db/client.ts";
import { addToImport, createImport, endImport, findImport } from "#db/queries/contact-imports.ts";
import { mergeContacts } from "#db/queries/contact-merge.ts";
import type { ImportedContact } from "#db/queries/imported-contact.ts";
import { csvRecords } from "./csv-records.ts";
import { type ImportColumn, importColumns } from "./import-columns.ts";
import { ImportRefusal } from "./import-refusal.ts";
import { readRow } from "./import-row.ts";

const rowsPerBatch = 500;

export interface ImportContacts {
  workspaceId: string;
  userId: string;
  query: ImportQuery;
  /** The workspace's country, for numbers without a country code, where the import names none. */
  country: string;
  body: Readable;
  /** Runs one batch: what it wrote stays whatever comes of the next. */
  inTransaction: <T>(fn: (db: Tx) => Promise<T>) => Promise<T>;
}

/** `repeated`: an import of this id was there, and nothing was done. Undefined: the id is taken, and not by the caller. */
export type ImportOutcome = { result: ContactImport; repeated: boolean; refusal?: ImportRefusal } | undefined;

/**
 * Imports a CSV file while it arrives, in batches, each with its counts. It ends as `done` or `failed` in any case, with a
 * sentence that says what was written.
 */
export async function importContacts(given: ImportContacts): Promise<ImportOutcome> {
  const { workspaceId, userId, query, inTransaction } = given;
  const key = { workspaceId, id: query.importId };
  const options = {
    defaultCountry: query.defaultCountry,
    columns: Object.entries(query.mapping).map(([name, target]) => [storableText(name), target]),
  };
  const created = await inTransaction((db) => createImport(db, { ...key, fileName: query.fileName ?? null, options, createdBy: userId }));
  if (!created) {
    const result = await inTransaction((db) => findImport(db, key));
    return result && { result, repeated: true };
  }

  const written = { rows: 0, lastLine: 0 };
  try {
    await importRecords(given, written);
    return { result: await inTransaction((db) => endImport(db, { ...key, error: null })), repeated: false };
  } catch (error) {
    const refusal = error instanceof ImportRefusal ? error : brokenUpload(given.body);
    const reason = refusal?.message ?? "An error of Sluice itself ended the import.";
    const sentence = `${reason} ${whatStays(written)}`;
    const result = await inTransaction((db) => endImport(db, { ...key, error: sentence }));
    if (!refusal) throw error;
    return { result, repeated: false, refusal: new ImportRefusal(sentence, refusal.problems) };
  }
}

async function importRecords({ body, ...given }: ImportContacts, written: { rows: number; lastLine: number }): Promise<void> {
  let header: { columns: ImportColumn[]; width: number } | undefined;
  let batch: Batch = emptyBatch();
  const flush = async () => {
    await writeBatch(given, batch);
    written.rows += batch.rowsRead;
    written.lastLine = batch.lastLine;
    batch = emptyBatch();
  };
  try {
    for await (const record of csvRecords(readAhead(body))) {
      if (!header) {
        header = { columns: importColumns(record.cells, given.query.mapping), width: record.cells.length };
        continue;
      }
      if (written.rows + batch.rowsRead >= importLimits.rows) throw tooManyRows(record.line);
      const { contact, problems } = readRow(record, header.columns, header.width, {
        country: given.query.defaultCountry ?? given.country,
        source: given.query.source,
      });
      batch.rowsRead += 1;
      batch.lastLine = record.line;
      batch.problems.push(...problems);
      if (contact) batch.contacts.push(contact);
      if (batch.rowsRead >= rowsPerBatch) await flush();
    }
  } catch (error) {
    // The file is at fault from here on; what was read before is good.
    if (error instanceof ImportRefusal) await flush();
    throw error;
  }
  if (!header) throw new ImportRefusal("The file is empty: it has not even a header.");
  await flush();
}

const tooManyRows = (line: number) =>
  new ImportRefusal(
    `The file has more than ${importLimits.rows.toLocaleString("en")} rows: import the rest from line ${line} on as another file.`,
  );

interface Batch {
  contacts: ImportedContact[];
  problems: ImportProblem[];
  rowsRead: number;
  lastLine: number;
}

const emptyBatch = (): Batch => ({ contacts: [], problems: [], rowsRead: 0, lastLine: 0 });

async function writeBatch({ inTransaction, workspaceId, query }: Omit<ImportContacts, "body">, batch: Batch): Promise<void> {
  if (batch.rowsRead === 0) return;
  const { contacts, problems, rowsRead } = batch;
  await inTransaction(async (db) => {
    const counts = await mergeContacts(db, { workspaceId, importId: query.importId, contacts });
    await addToImport(db, { workspaceId, id: query.importId, rowsRead, ...counts, refused: rowsRead - contacts.length, problems });
  });
}

/**
 * Takes the upload in as fast as it comes, up to the size of a whole file: the database may be slower than the time a
 * client is given to send its request.
 */
function readAhead(body: Readable): Readable {
  const buffer = new PassThrough({ highWaterMark: importLimits.bytes });
  body.once("error", (error) => buffer.destroy(error));
  body.once("close", () => {
    if (!body.readableEnded) buffer.destroy(new Error("The upload broke off."));
  });
  return body.pipe(buffer);
}

function brokenUpload(body: Readable): ImportRefusal | undefined {
  return body.destroyed && !body.readableEnded ? new ImportRefusal("The upload broke off before all of the file had arrived.") : undefined;
}

const whatStays = ({ rows, lastLine }: { rows: number; lastLine: number }): string =>
  rows === 0 ? "Nothing was written." : `The ${rows.toLocaleString("en")} rows up to line ${lastLine} were imported and stay.`;
