import type { Problem } from "#contract/api-errors.ts";
import { identifies } from "#contract/contact-fields.ts";
import { isUsableHeader } from "#contract/import-mapping.ts";
import type { ImportMapping, ImportTarget } from "#contract/imports.ts";
import { importLimits } from "#contract/imports.ts";
import { storableText } from "#contract/storable.ts";
import { ImportRefusal } from "./import-refusal.ts";

/** A column of the file that is taken, and what it becomes. */
export interface ImportColumn {
  index: number;
  header: string;
  target: Exclude<ImportTarget, "ignore">;
}

/** Matches the mapping with the file's own header; everything that does not fit is told at once. */
export function importColumns(header: readonly string[], mapping: ImportMapping): ImportColumn[] {
  const headers = header.map((cell) => storableText(cell).trim());
  const problems: Problem[] = [];
  if (headers.length > importLimits.columns) {
    problems.push({ path: "", message: `The file has ${headers.length} columns; at most ${importLimits.columns} can be read` });
  }
  const targets = new Map(Object.entries(mapping));
  for (const [name, target] of targets) {
    if (!headers.includes(name.trim())) problems.push({ path: `mapping.${name}`, message: "The file has no column of this name" });
    else if (target === "metadata" && !isUsableHeader(name.trim())) {
      problems.push({ path: `mapping.${name}`, message: "A field of metadata cannot have this name" });
    }
  }
  if (![...targets.values()].some(identifies)) {
    problems.push({ path: "mapping", message: "At least one column must become a name, a phone number or an e-mail address" });
  }
  if (problems.length > 0) throw new ImportRefusal("The columns of the file and the mapping do not fit together.", problems);
  const byTrimmed = new Map([...targets].map(([name, target]) => [name.trim(), target]));
  return headers.flatMap((name, index) => {
    const target = byTrimmed.get(name);
    return target === undefined || target === "ignore" ? [] : [{ index, header: name, target }];
  });
}
