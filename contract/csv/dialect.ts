// How a CSV file is read. The import on the server and the preview in the browser share it, so that the preview shows
// what the import will read.
import { parse } from "csv-parse/browser/esm/sync";

/**
 * Options for csv-parse. Any of CRLF, LF and CR ends a row, also mixed in one file. Short and long records and stray
 * quotes are read, lines without a value are passed over.
 */
export const csvOptions = {
  record_delimiter: ["\r\n", "\n", "\r"],
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  skip_records_with_empty_values: true,
};

export interface CsvDialect {
  delimiter: string;
  /** How many characters at the beginning are not part of any record. */
  skip: number;
  /** How many lines those characters are. */
  skippedLines: number;
}

const delimiters = [",", ";", "\t", "|"];
const sniffedCharacters = 64 * 1024;
const sniffedRecords = 30;

/**
 * The delimiter of a text and how much of its beginning is to be passed over. A first line "sep=;" names the delimiter for
 * Excel and is no record. Without it, the delimiter is the candidate that parts the header and the rows after it into the
 * same number of columns, and into the most.
 */
export function csvDialect(text: string): CsvDialect {
  const mark = text.startsWith("\uFEFF") ? 1 : 0;
  const hint = /^(?:[ \t]*(?:\r\n|\r|\n))*"?sep=(.)"?[ \t]*(?:\r\n|\r|\n)/i.exec(text.slice(mark, mark + 1000));
  if (hint?.[1]) {
    return { delimiter: hint[1], skip: mark + hint[0].length, skippedLines: hint[0].match(/\r\n|\r|\n/g)?.length ?? 0 };
  }
  const isCut = text.length > sniffedCharacters;
  const scores = delimiters.map((delimiter) => evenness(text.slice(mark, sniffedCharacters), delimiter, isCut));
  return { delimiter: delimiters[scores.indexOf(Math.max(...scores))] ?? ",", skip: mark, skippedLines: 0 };
}

/** The number of columns that a delimiter gives, times the share of rows that have as many as the header. */
function evenness(text: string, delimiter: string, isCut: boolean): number {
  const records = firstRecords(text, { delimiter, most: sniffedRecords, isCut });
  const width = records[0]?.cells.length ?? 0;
  if (width <= 1) return 0;
  const even = records.filter(({ cells }) => cells.length === width).length;
  return (width * even) / records.length;
}

export interface CsvRecord {
  /** The line of the file on which it begins; the header is line 1. */
  line: number;
  cells: string[];
}

/** The first records of a text. `isCut`: the text goes on after its end, so its last record may be half a one. */
export function firstRecords(
  text: string,
  { delimiter, most, isCut, skippedLines = 0 }: { delimiter: string; most: number; isCut: boolean; skippedLines?: number },
): CsvRecord[] {
  let isBroken = false;
  const parsed = parse(text, {
    ...csvOptions,
    delimiter,
    info: true,
    to: most + 1,
    // A quote that is still open where the text was cut is no fault of the file.
    skip_records_with_error: true,
    on_skip: () => {
      isBroken = true;
      return undefined;
    },
  }) as unknown as { record: string[]; info: { lines: number } }[];
  const whole = isCut && !isBroken && parsed.length <= most ? parsed.slice(0, -1) : parsed.slice(0, most);
  const lineOf = lineCounter(skippedLines);
  return whole.map(({ record, info }) => ({ line: lineOf(record, info.lines), cells: record }));
}

/**
 * Answers the line on which each record begins, asked in the order of the file. csv-parse tells the line on which it ends,
 * and counts a CRLF inside of quotes as two lines.
 */
export function lineCounter(skippedLines: number): (cells: readonly string[], endLine: number) => number {
  let countedTwice = 0;
  return (cells, endLine) => {
    let lines = 0;
    for (const cell of cells) {
      for (const [end] of cell.matchAll(/\r\n|\r|\n/g)) {
        lines += 1;
        if (end === "\r\n") countedTwice += 1;
      }
    }
    return skippedLines + endLine - countedTwice - lines;
  };
}
