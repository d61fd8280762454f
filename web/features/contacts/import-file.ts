import { fileLabel, fileName, identifies, importableFields } from "#contract/contact-fields.ts";
import { isConsentTarget, readConsents } from "#contract/csv/consent.ts";
import { ConsentCheck } from "#contract/csv/consent-check.ts";
import type { Encoding } from "#contract/csv/encodings.ts";
import { columnNames } from "#contract/csv/headers.ts";
import { beginningOf, isZip, openCsv } from "#contract/csv/open-file.ts";
import { guessByValues, guessHeaderRow, mostTitleLines, noNames } from "#contract/import-header.ts";
import { guessColumns } from "#contract/import-mapping.ts";
import { type ImportColumn, type ImportTarget, importLimits, importTargets } from "#contract/import-settings.ts";
import { formatCount } from "#ui/format.ts";
import type { WorkbookFacts } from "./shown-cells.ts";

/** A file as it is shown before it is imported. */
export interface ImportFile {
  name: string;
  /** What is uploaded: the file itself, or the first sheet of a workbook as CSV. */
  upload: Blob;
  bytes: Uint8Array<ArrayBuffer>;
  isWorkbook: boolean;
  /** What a person should know of the workbook, in sentences: which sheet is read, what is not, and which cells had no value. */
  told: string[];
  encoding: Encoding;
  /** The first values of the file that show whether the encoding is right. */
  letters: string[];
  /** Which of its first lines names the columns; 0 where none does. */
  headerRow: number;
  /** The first lines, as a person may choose among them. */
  beginning: string[];
  /** The columns by their names, as the messages of an import call them. */
  names: string[];
  rows: string[][];
  /** The first different values of each column. */
  examples: string[][];
  columns: ImportColumn[];
}

const ownLabels: Partial<Record<ImportTarget, string>> = {
  dnc: "Do not contact",
  sms_opted_out: "SMS opted out",
  email_opted_out: "E-mail opted out",
  contact_allowed: "May be contacted (no: do not contact)",
  sms_allowed: "SMS allowed (no: opted out)",
  email_allowed: "E-mail allowed (no: opted out)",
  contact_id: "ID in this product",
  source_id: "Unique ID in the other system",
  metadata: "Keep under its own name",
  ignore: "Leave out",
};

export const targetLabels = {
  ...Object.fromEntries(importTargets.map((target) => [target, target])),
  ...Object.fromEntries(importableFields.map((field) => [fileName(field), fileLabel(field)])),
  ...ownLabels,
} as Record<ImportTarget, string>;

const previewRows = 1000;
const judgedRows = 200;
const shownExamples = 3;
const shownLetters = 6;

/** Reads a file, or says why it cannot be imported. */
export async function openImportFile(file: File): Promise<ImportFile | { problem: string }> {
  if (file.size === 0) return { problem: `“${file.name}” is empty.` };
  if (file.size > importLimits.bytes) return tooLarge(file.name);
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (!isZip(bytes)) return readImportFile({ name: file.name, upload: file, bytes, isWorkbook: false, told: [] });
  const { workbookAsCsv } = await import("./workbook.ts");
  const sheet = await workbookAsCsv(bytes.buffer).catch(() => undefined);
  if (sheet === undefined) {
    return { problem: `“${file.name}” could not be read as an Excel workbook. Save it as CSV UTF-8 and import that.` };
  }
  const csv = new TextEncoder().encode(sheet.csv);
  if (csv.length > importLimits.bytes) return tooLarge(file.name);
  return readImportFile(
    { name: file.name, upload: new Blob([csv]), bytes: csv, isWorkbook: true, told: tellWorkbook(sheet.facts) },
    "utf-8",
  );
}

function tellWorkbook({ sheet, more, hidden, errors }: WorkbookFacts): string[] {
  const others = `The sheet “${sheet}” is read. ${more === 1 ? "One more sheet" : `${formatCount(more)} more sheets`} of the workbook ${more === 1 ? "is" : "are"} not: save each as a file of its own.`;
  const rest = errors.count > errors.first.length ? ` and ${formatCount(errors.count - errors.first.length)} more` : "";
  const cells =
    errors.count === 1
      ? "One cell shows an error and is left empty"
      : `${formatCount(errors.count)} cells show an error and are left empty`;
  const unseen = `${hidden === 1 ? "One row is hidden in the sheet and is" : `${formatCount(hidden)} rows are hidden in the sheet and are`} left out. To import what is hidden, show it in your spreadsheet and save the file.`;
  return [
    ...(more > 0 ? [others] : []),
    ...(hidden > 0 ? [unseen] : []),
    ...(errors.count > 0 ? [`${cells}: ${errors.first.join(", ")}${rest}.`] : []),
  ];
}

const tooLarge = (name: string) => ({
  problem: `“${name}” is larger than ${importLimits.bytes / 1024 / 1024} MB. Split it into several files.`,
});

/** Reads the same file again in another encoding. */
export const inEncoding = (source: ImportFile, encoding: Encoding): ImportFile | { problem: string } => readImportFile(source, encoding);

/** Reads the same file again with another line, or none, for the names of its columns. */
export const withHeaderRow = (source: ImportFile, row: number): ImportFile | { problem: string } =>
  readImportFile(source, source.encoding, row);

function readImportFile(
  { name, upload, bytes, isWorkbook, told }: Pick<ImportFile, "name" | "upload" | "bytes" | "isWorkbook" | "told">,
  chosen?: Encoding,
  row?: number,
): ImportFile | { problem: string } {
  const opened = openCsv(bytes, chosen);
  if ("refusal" in opened) return { problem: opened.refusal };
  const all = beginningOf(opened, previewRows).map(({ cells }) => cells);
  const headerRow = row ?? guessHeaderRow(all);
  const header = all[headerRow === 0 ? 0 : headerRow - 1];
  const records = all.slice(headerRow);
  if (!header?.some((cell) => cell.trim() !== "")) return { problem: `“${name}” has no column names in its first line.` };
  if (header.length > importLimits.columns) {
    return { problem: `“${name}” has ${formatCount(header.length)} columns; at most ${importLimits.columns} can be imported.` };
  }
  const file = { name, upload, bytes, isWorkbook, told, encoding: opened.encoding, letters: lettersOf(opened.text), headerRow };
  return {
    ...file,
    beginning: all.slice(0, mostTitleLines + 1).map(shortLine),
    names: columnNames(headerRow === 0 ? noNames(header) : header),
    rows: records,
    examples: header.map((_, index) => examplesOf(records, index)),
    columns: headerRow === 0 ? guessByValues(records) : guessColumns(header, records),
  };
}

const shortLine = (cells: readonly string[]): string => {
  const text = cells.filter((cell) => cell.trim() !== "").join(" · ");
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

/** Values beyond plain ASCII, from anywhere in the file: names that are misspelt show that the encoding is another one. */
function lettersOf(text: string): string[] {
  const found = new Set<string>();
  const beyond = /[\u0080-\uFFFF]/g;
  while (found.size < shownLetters) {
    const at = beyond.exec(text)?.index;
    if (at === undefined) break;
    const before =
      text
        .slice(Math.max(0, at - 20), at)
        .split(parting)
        .at(-1) ?? "";
    const after = text.slice(at, at + 20).split(parting)[0] ?? "";
    found.add((before + after).trim());
    beyond.lastIndex = at + after.length;
  }
  return [...found];
}

const parting = /[\n\r\t,;|"]/;

const examplesOf = (rows: readonly (readonly string[])[], index: number): string[] =>
  [...new Set(rows.map((row) => row[index]?.trim() ?? "").filter(Boolean))].slice(0, shownExamples).map((value) => value.slice(0, 200));

/** How a column about consent is read in the rows that are shown; undefined for other columns. */
export function consentReading({ rows, columns }: ImportFile, index: number): { refusals: number; unclear: number } | undefined {
  const target = columns[index]?.target;
  if (target === undefined || !isConsentTarget(target)) return undefined;
  const read = rows.flatMap((row) => (row[index]?.trim() ? [readConsents(target, row[index])] : []));
  return {
    refusals: read.filter((told) => told?.some(({ at }) => at !== null)).length,
    unclear: read.filter((value) => value === undefined).length,
  };
}

/** Columns that seem to be about consent and that nobody has decided about: by these rows, or by what the server asked. */
export function openQuestions({ columns, rows }: ImportFile, asked: readonly number[]): number[] {
  const check = new ConsentCheck(columns);
  for (const row of rows.slice(0, judgedRows)) check.see(row);
  const isOpen = (index: number) => {
    const column = columns[index];
    return column !== undefined && !column.notConsent && !isConsentTarget(column.target);
  };
  return [...new Set([...check.questions(), ...asked.filter(isOpen)])].sort((a, b) => a - b);
}

/** Targets that two columns cannot both become. Several columns may say that somebody refused. */
export const doubledTargets = (columns: readonly ImportColumn[]): ImportTarget[] => {
  const counts = Map.groupBy(columns, ({ target }) => target);
  // If a row has several numbers, the import takes the mobile one and keeps the others under the names of their columns.
  const isFree = (target: ImportTarget) => ["metadata", "ignore", "phone_number"].includes(target) || isConsentTarget(target);
  return [...counts].filter(([target, all]) => !isFree(target) && all.length > 1).map(([target]) => target);
};

/** Whether a column holds the ids of another system, whose name must then be told. */
export const namesIds = (columns: readonly ImportColumn[]): boolean => columns.some(({ target }) => target === "source_id");

/** Without any of these a row is nobody. */
export const namesSomebody = (columns: readonly ImportColumn[]): boolean => columns.some(({ target }) => identifies(target));
