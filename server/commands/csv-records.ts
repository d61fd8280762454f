import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type CsvError, parse } from "csv-parse";
import { csvDelimiter, csvOptions } from "#contract/csv-dialect.ts";
import { importLimits } from "#contract/imports.ts";
import { csvText } from "./csv-text.ts";
import { ImportRefusal } from "./import-refusal.ts";

export interface CsvRecord {
  /** The line of the file on which it begins; the header is line 1. */
  line: number;
  cells: string[];
}

/** The records of a CSV file, the header first, one at a time: never more of the file in memory than a record. */
export async function* csvRecords(body: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
  const text = csvText(body);
  const { value: first = "" } = await text.next();
  const { delimiter, skip } = csvDelimiter(first);
  let fault: CsvError | undefined;
  const parser = parse({
    ...csvOptions,
    delimiter,
    info: true,
    max_record_size: importLimits.recordBytes,
    // Not to skip anything: an error would take with it the records that are read and not yet asked for.
    skip_records_with_error: true,
    on_skip: (error) => {
      fault ??= error;
      return undefined;
    },
  });
  const linesBefore = skip > 0 ? 1 : 0;
  const feeding = pipeline(Readable.from(withFirst(first.slice(skip), text)), parser);
  // The parser is destroyed with the same error, which the loop below meets; this one must not go unhandled.
  feeding.catch(() => {});
  let lastLine = linesBefore;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (fault && info.lines > Number(fault.lines)) break;
      lastLine = info.lines + linesBefore;
      yield { line: lastLine - newlinesIn(record), cells: record };
    }
  } finally {
    parser.destroy();
  }
  if (fault) throw explain(fault, lastLine + 1);
}

async function* withFirst(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

const newlinesIn = (cells: string[]) => cells.reduce((count, cell) => count + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0);

function explain({ code }: CsvError, line: number): Error {
  switch (code) {
    case "CSV_MAX_RECORD_SIZE":
      return new ImportRefusal(
        `The row that begins near line ${line} is longer than ${importLimits.recordBytes / 1024} KiB: a quotation mark is probably never closed. What follows could not be read.`,
      );
    case "CSV_QUOTE_NOT_CLOSED":
      return new ImportRefusal(`A quotation mark that is opened near line ${line} is never closed. What follows could not be read.`);
    default:
      return new ImportRefusal(`The file cannot be read as CSV from line ${line} on.`);
  }
}
