import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
import { type CsvError, parse } from "csv-parse";
import { type CsvRecord, csvOptions, lineCounter } from "#contract/csv/dialect.ts";
import type { OpenedCsv } from "#contract/csv/open-file.ts";
import { ImportRefusal } from "./import-refusal.ts";

const sliceLength = 64 * 1024;

/**
 * The records of a file, the header first, one at a time. The parser gets the text in slices, so that the process answers
 * others in between.
 *
 * @throws ImportRefusal where the file cannot be read any further.
 */
export async function* csvRecords({ text, skip, skippedLines, delimiter }: OpenedCsv): AsyncGenerator<CsvRecord> {
  let fault: CsvError | undefined;
  const parser = parse({
    ...csvOptions,
    delimiter,
    info: true,
    // Not to skip anything: an error would take with it the records that are read and not yet asked for.
    skip_records_with_error: true,
    on_skip: (error) => {
      fault ??= error;
      return undefined;
    },
  });
  const feeding = pipeline(Readable.from(slices(text, skip)), parser);
  // The parser is destroyed with the same error, which the loop below meets; this one must not go unhandled.
  feeding.catch(() => {});
  const lineOf = lineCounter(skippedLines);
  let lastLine = skippedLines;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (fault && info.lines > Number(fault.lines)) break;
      lastLine = info.lines + skippedLines;
      yield { line: lineOf(record, info.lines), cells: record };
    }
  } finally {
    parser.destroy();
  }
  if (fault) throw explain(fault, lastLine + 1);
}

async function* slices(text: string, from: number): AsyncGenerator<string> {
  let start = from;
  while (start < text.length) {
    // A stream that has all it needs goes on without a pause, so nobody else would have a turn.
    await setImmediate();
    // A pair of surrogates is one letter and CRLF is one end of a line: neither may be cut in two.
    const isCutWrong = /^(?:[\uD800-\uDBFF]|\r\n)/.test(text.slice(start + sliceLength - 1, start + sliceLength + 1));
    const end = start + sliceLength + (isCutWrong ? 1 : 0);
    yield text.slice(start, end);
    start = end;
  }
}

const explain = ({ code }: CsvError, line: number): ImportRefusal =>
  new ImportRefusal(
    code === "CSV_QUOTE_NOT_CLOSED"
      ? `A quotation mark that is opened near line ${line} is never closed. Close it and import the file again.`
      : `The file cannot be read as CSV from line ${line} on.`,
  );
