import { guardedCell } from "#contract/csv/formula-guard.ts";
import type { ImportProblem } from "#contract/imports.ts";

/** The lines of a file that were refused or changed, as a file. What stands in it comes from the file, so its cells are guarded like every other. */
export const problemsCsv = (problems: readonly ImportProblem[]): string =>
  ["line,column,problem", ...problems.map(({ line, column, message }) => [line, cell(column ?? ""), cell(message)].join(","))].join("\r\n");

const cell = (text: string) => `"${guardedCell(text).replaceAll('"', '""')}"`;
