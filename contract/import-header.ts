import { identifies } from "./contact-fields.ts";
import { isSendableEmail } from "./email-address.ts";
import { guessColumns } from "./import-mapping.ts";
import type { ImportColumn } from "./import-settings.ts";

/** So many lines at the beginning of a file may stand above the one that names the columns. */
export const mostTitleLines = 10;

const isDate = (cell: string): boolean => /^\s*\d{1,4}[-./]\d{1,2}[-./]\d{1,4}/.test(cell) && !/^\s*\d{3}[-./]/.test(cell);
const isNumber = (cell: string): boolean =>
  /^\s*[+(]{0,2}\d[\d\s().\-/]*$/.test(cell) && cell.replace(/\D/g, "").length >= 7 && !isDate(cell);
const isFilled = (cell: string): boolean => cell.trim() !== "";

/** Tells whether a line is one of a person: a cell that is an e-mail address or a number is the name of no column. */
export const holdsAddress = (cells: readonly string[]): boolean => cells.some((cell) => isSendableEmail(cell.trim()) || isNumber(cell));

const namesPerson = (cells: readonly string[]): boolean =>
  !holdsAddress(cells) && guessColumns(cells).some(({ target }) => identifies(target));

/**
 * Which line of a file names its columns: the first is 1, and 0 stands for none. Titles may stand above it. Where no line is
 * known to name columns, the first does, unless it is one of a person.
 */
export function guessHeaderRow(records: readonly (readonly string[])[]): number {
  const first = records.slice(0, mostTitleLines + 1);
  // One word alone, such as “Customers”, may be a title. A line that names more stands for the columns where there is one.
  const named = first.flatMap((cells, index) => (namesPerson(cells) ? [{ row: index + 1, filled: cells.filter(isFilled).length }] : []));
  const found = named.find(({ filled }) => filled > 1) ?? named[0];
  return found?.row ?? (first[0] && holdsAddress(first[0]) ? 0 : 1);
}

/** What stands for the names of columns that have none. */
export const noNames = (cells: readonly string[]): string[] => cells.map(() => "");

/** Guesses the columns of a file without names by what most of their values are. */
export function guessByValues(rows: readonly (readonly string[])[]): ImportColumn[] {
  const taken = new Set<string>();
  return noNames(rows[0] ?? []).map((header, index): ImportColumn => {
    const values = rows.map((cells) => cells[index]?.trim() ?? "").filter(isFilled);
    const isMost = (fits: (value: string) => boolean) => values.length > 0 && values.filter(fits).length * 2 > values.length;
    const target = isMost(isSendableEmail) ? "email" : isMost(isNumber) ? "phone_number" : "metadata";
    if (taken.has(target) && target !== "metadata") return { header, target: "metadata" };
    taken.add(target);
    return { header, target };
  });
}
