import type { Encoding } from "#contract/csv/encodings.ts";
import { beginningOf, openCsv } from "#contract/csv/open-file.ts";
import { guessColumns } from "#contract/import-mapping.ts";
import type { ImportColumn, ImportTarget } from "#contract/import-settings.ts";

/** Targets of columns by their headers. */
export type TargetsByHeader = Record<string, ImportTarget>;

/** The columns of a file for the settings of an import: those that are named, or all of them as the page guesses them. */
export function importColumnsOf(file: Uint8Array, targets?: TargetsByHeader, encoding?: Encoding): ImportColumn[] {
  const opened = openCsv(file, encoding);
  const [header, ...rows] = "refusal" in opened ? [] : beginningOf(opened, 1000).map(({ cells }) => cells);
  if (!header) return Object.entries(targets ?? {}).map(([name, target]) => ({ header: name, target }));
  const guessed = guessColumns(header, rows);
  return targets ? guessed.map((column) => ({ header: column.header, target: targets[column.header] ?? "ignore" })) : guessed;
}
