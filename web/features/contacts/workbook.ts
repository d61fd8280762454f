import { readSheet } from "read-excel-file/universal";

/**
 * The first sheet of an .xlsx workbook as CSV: a row of the sheet for each line, so that the lines of problems are those
 * that the person sees in the spreadsheet. Workbooks are unpacked in the browser only: a small one may unpack to gigabytes.
 *
 * @throws when the bytes are no workbook that can be read.
 */
export async function workbookAsCsv(workbook: ArrayBuffer): Promise<string> {
  const rows = (await readSheet(workbook, { trim: false, parseNumber: (text: string) => text })) as unknown[][];
  return rows
    .map((row) =>
      row
        .map((value) => quoted(cellText(value)))
        .join(",")
        .replace(/^,*$/, ""),
    )
    .join("\r\n");
}

const quoted = (text: string): string => (text === "" ? "" : `"${text.replaceAll('"', '""')}"`);

/** A cell as a person would type it. A day has no time and no zone, and a number that is an integer has no exponent. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) {
    const iso = value.toISOString();
    return iso.endsWith("T00:00:00.000Z") ? iso.slice(0, 10) : iso.slice(0, 19);
  }
  const text = String(value);
  return /^-?\d+(\.\d+)?[Ee]\+?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? String(Number(text)) : text;
}
