import type { CsvRecord } from "#contract/csv/dialect.ts";
import type { OpenedCsv } from "#contract/csv/open-file.ts";
import { holdsAddress, noNames } from "#contract/import-header.ts";
import { csvRecords } from "./csv-records.ts";
import { ImportRefusal } from "./import-refusal.ts";

/**
 * The line that names the columns and all rows below it. Where none does, names without a word stand before the first row.
 *
 * @throws ImportRefusal where nobody said which line it is and the first is one of a person, who would be lost as a header.
 */
export async function* headedRecords(file: OpenedCsv, headerRow: number | undefined): AsyncGenerator<CsvRecord> {
  let row = 0;
  for await (const record of csvRecords(file)) {
    row += 1;
    if (row === 1 && headerRow === undefined && holdsAddress(record.cells)) {
      throw new ImportRefusal(
        "The first line holds an e-mail address or a number, so it seems to be a contact and not the names of the columns. Say which line names the columns: headerRow is 0 for none, 1 for the first.",
        [{ path: "headerRow", message: "Say which line names the columns" }],
      );
    }
    if (row === 1 && headerRow === 0) yield { line: record.line, cells: noNames(record.cells) };
    if (row >= (headerRow ?? 1)) yield record;
  }
}
