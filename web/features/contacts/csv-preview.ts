import { parse } from "csv-parse/browser/esm/sync";
import { csvDelimiter, csvEncoding, csvOptions, sniffedBytes } from "#contract/csv-dialect.ts";

export interface CsvPreview {
  columns: string[];
  /** The first records, each as long as the header. */
  rows: string[][];
}

const previewRows = 5;

/** Reads the columns and first records of a text. `cut`: the file goes on after it, so its last record may be half a one. */
export function parsePreview(text: string, cut: boolean): CsvPreview {
  const { delimiter, skip } = csvDelimiter(text);
  let isBroken = false;
  const records = parse(text.slice(skip), {
    ...csvOptions,
    delimiter,
    to: previewRows + 2,
    // A quote that is still open where the text was cut is no fault of the file.
    skip_records_with_error: true,
    on_skip: () => {
      isBroken = true;
      return undefined;
    },
  });
  const whole = cut && !isBroken ? records.slice(0, -1) : records;
  const [header = [], ...rows] = whole;
  const columns = header.map((name) => name.trim());
  return { columns, rows: rows.slice(0, previewRows).map((row) => columns.map((_, column) => row[column] ?? "")) };
}

/** Reads the beginning of a file only, because the file may be larger than the memory of the page. */
export async function readPreview(file: Blob): Promise<CsvPreview | { problem: string }> {
  const bytes = new Uint8Array(await file.slice(0, sniffedBytes).arrayBuffer());
  const encoding = csvEncoding(bytes);
  if (encoding.refusal !== undefined) return { problem: encoding.refusal };
  // With `stream` a letter that was cut in half is left out; without it, it would become a question mark.
  return parsePreview(new TextDecoder(encoding.name).decode(bytes, { stream: true }), file.size > sniffedBytes);
}
