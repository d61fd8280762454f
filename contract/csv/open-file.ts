import { detectEncoding } from "./detect-encoding.ts";
import { type CsvDialect, type CsvRecord, csvDialect, firstRecords } from "./dialect.ts";
import { decode, type Encoding } from "./encodings.ts";

/** A file as text, and how it is written. */
export interface OpenedCsv extends CsvDialect {
  encoding: Encoding;
  text: string;
}

export const isZip = (bytes: Uint8Array): boolean => [0x50, 0x4b, 0x03, 0x04].every((byte, index) => bytes[index] === byte);
const isOldExcel = (bytes: Uint8Array): boolean => [0xd0, 0xcf, 0x11, 0xe0].every((byte, index) => bytes[index] === byte);

/**
 * Opens a file for the browser's preview and for the server's import alike: by the encoding that a person chose, else by
 * the one that is detected. What holds no text is refused, in words for the person who chose the file.
 */
export function openCsv(bytes: Uint8Array, chosen?: Encoding): OpenedCsv | { refusal: string } {
  if (isZip(bytes)) {
    return {
      refusal: "This is an Excel workbook (or another zip file), not CSV. Import it on the Contacts page, or save it as CSV UTF-8.",
    };
  }
  if (isOldExcel(bytes)) return { refusal: "This is a workbook of an old Excel (.xls). Save it as .xlsx or as CSV UTF-8 and import that." };
  const encoding = chosen ?? detectEncoding(bytes);
  if (!encoding) return { refusal: "This is not a CSV file: it contains bytes that no text has." };
  const text = decode(bytes, encoding);
  return { encoding, text, ...csvDialect(text) };
}

/** The header and the first rows, as the import will read them. */
export const beginningOf = ({ text, skip, delimiter, skippedLines }: OpenedCsv, rows: number): CsvRecord[] => {
  const end = skip + 1024 * 1024;
  return firstRecords(text.slice(skip, end), { delimiter, skippedLines, most: rows + 1, isCut: text.length > end });
};
