import type { Problem } from "#contract/api-errors.ts";
import { identifies } from "#contract/contact-fields.ts";
import { columnNames, headerText } from "#contract/csv/headers.ts";
import { isOwnExport, ownName } from "#contract/import-mapping.ts";
import type { ImportColumn, ImportTarget } from "#contract/import-settings.ts";
import { importLimits } from "#contract/import-settings.ts";
import { ImportRefusal } from "./import-refusal.ts";

/** A column of the file that is taken, and what it becomes. */
export interface TakenColumn {
  index: number;
  /** Its name in messages and as a custom field; no other column of the file has the same. */
  header: string;
  target: Exclude<ImportTarget, "ignore">;
  /** The file is our own export: its values are read exactly as they were written. */
  isOwn: boolean;
}

/**
 * Matches the settings with the file's own header, by position; everything that does not fit is told at once.
 *
 * @throws ImportRefusal with a problem for each column that does not fit.
 */
export function importColumns(header: readonly string[], columns: readonly ImportColumn[]): TakenColumn[] {
  const problems: Problem[] = [];
  if (header.length > importLimits.columns) {
    problems.push({ path: "", message: `The file has ${header.length} columns; at most ${importLimits.columns} can be read` });
  }
  for (const [index, column] of columns.entries()) {
    const found = header[index];
    if (found === undefined) problems.push({ path: `columns.${index}`, message: `The file has only ${header.length} columns` });
    else if (headerText(found) !== headerText(column.header)) {
      problems.push({ path: `columns.${index}.header`, message: `Column ${index + 1} of the file is called “${headerText(found)}”` });
    }
  }
  if (!columns.some(({ target }) => identifies(target))) {
    problems.push({ path: "columns", message: "At least one column must become a name, a phone number or an e-mail address" });
  }
  if (problems.length > 0) throw new ImportRefusal("The columns of the file and the settings do not fit together.", problems);
  const isOwn = isOwnExport(header);
  const names = isOwn ? header.map(ownName) : columnNames(header);
  return columns.flatMap(({ target }, index) =>
    target === "ignore" ? [] : [{ index, header: names[index] ?? `Column ${index + 1}`, target, isOwn }],
  );
}
