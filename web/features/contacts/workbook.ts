import { readSheet } from "read-excel-file/universal";
import { plainNumber } from "#contract/comparable-number.ts";
import { type WorkbookFacts, withShownCells } from "./shown-cells.ts";

/**
 * The first sheet of an .xlsx workbook as CSV: a row of the sheet for each line, so that the lines of problems are those
 * that the person sees in the spreadsheet. Workbooks are unpacked in the browser only: a small one may unpack to gigabytes.
 *
 * @throws when the bytes are no workbook that can be read.
 */
export async function workbookAsCsv(given: ArrayBuffer): Promise<{ csv: string; facts: WorkbookFacts }> {
  const { workbook, facts } = withShownCells(given);
  const rows = (await readSheet(workbook, { trim: false, parseNumber: (text: string) => text })) as unknown[][];
  const csv = rows
    .map((row) =>
      row
        .map((value) => quoted(cellText(value)))
        .join(",")
        .replace(/^,*$/, ""),
    )
    .join("\r\n");
  return { csv, facts };
}

const quoted = (text: string): string => (text === "" ? "" : `"${text.replaceAll('"', '""')}"`);

/** A cell as a person would type it. A number that is an integer has no exponent. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return momentText(value);
  const text = String(value);
  return /^-?\d+(?:\.\d+)?(?:[Ee][-+]?\d+)?$/.test(text) ? numberText(text) : text;
}

/**
 * A number as the sheet shows it. A workbook stores the nearest double with 17 digits ("19.989999999999998") and shows 15 of them, so
 * 15 are what a person has typed. An integer is left as it is.
 */
function numberText(text: string): string {
  if (/^-?\d+$/.test(text)) return text;
  const shown = Number(Number(text).toPrecision(15));
  return Number.isFinite(shown) ? plainNumber(shown) : text;
}

/** Day 0 of a workbook. A time of day is a part of it, because a workbook has no other way to keep one. */
const dayZero = "1899-12-30";

/** A day has no time and no zone, a time of day has no date. Moments are fractions of a day, so they are rounded to whole seconds. */
function momentText(moment: Date): string {
  const [day, time] = new Date(Math.round(moment.getTime() / 1_000) * 1_000).toISOString().slice(0, 19).split("T") as [string, string];
  if (day === dayZero) return time.replace(/:00$/, "");
  return time === "00:00:00" ? day : `${day}T${time}`;
}
