import { ConsentCheck } from "#contract/csv/consent-check.ts";
import { columnNames, headerText } from "#contract/csv/headers.ts";
import type { OpenedCsv } from "#contract/csv/open-file.ts";
import type { ImportColumn } from "#contract/import-settings.ts";
import { importLimits } from "#contract/import-settings.ts";
import { headedRecords } from "./headed-records.ts";
import { importColumns, type TakenColumn } from "./import-columns.ts";
import { ImportRefusal } from "./import-refusal.ts";

export interface CheckedImport {
  columns: TakenColumn[];
  /** The number of columns that the header has. */
  width: number;
}

/**
 * Reads a file to its end before anything of it is written: whether it can be read, whether the columns fit, whether it has
 * more rows than an import may have, and whether a column that nobody has mapped speaks of consent.
 *
 * @throws ImportRefusal with what is wrong, or with the columns that a person must decide about.
 */
export async function checkImport(file: OpenedCsv, given: readonly ImportColumn[], headerRow: number | undefined): Promise<CheckedImport> {
  let header: string[] | undefined;
  let columns: TakenColumn[] = [];
  let consent = new ConsentCheck([]);
  let rows = 0;
  for await (const { cells } of headedRecords(file, headerRow)) {
    if (header) {
      rows += 1;
      consent.see(cells);
      continue;
    }
    header = cells;
    columns = importColumns(header, given);
    consent = new ConsentCheck(header.map((cell, index) => given[index] ?? { header: headerText(cell), target: "ignore" }));
  }
  if (!header) throw new ImportRefusal("The file is empty: it has not even a header.");
  if (rows > importLimits.rows) {
    throw new ImportRefusal(
      `The file has ${rows.toLocaleString("en")} rows; at most ${importLimits.rows.toLocaleString("en")} can be imported at once. Split it into several files.`,
    );
  }
  const names = columnNames(header);
  const questions = consent.questions();
  if (questions.length > 0) {
    throw new ImportRefusal(
      "Some columns seem to say who does not want messages. Say what they mean, and the import begins.",
      questions.map((index) => ({
        path: `columns.${index}`,
        message: `“${names[index]}” seems to be about consent: take it as such, or set notConsent to say that it is not`,
      })),
      "consent_unclear",
    );
  }
  return { columns, width: header.length };
}
