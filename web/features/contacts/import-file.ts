import { fileLabel, fileName, identifies, importableFields } from "#contract/contact-fields.ts";
import { guessMapping, isUsableHeader } from "#contract/import-mapping.ts";
import { type ImportMapping, type ImportTarget, importLimits } from "#contract/imports.ts";
import { formatCount } from "#ui/format.ts";
import { readPreview } from "./csv-preview.ts";

/** A chosen file with its columns, examples and mapping. */
export interface ImportFile {
  file: File;
  columns: { header: string; examples: string[] }[];
  mapping: ImportMapping;
}

export const targetLabels = {
  ...Object.fromEntries(importableFields.map((field) => [fileName(field), fileLabel(field)])),
  contact_id: "ID in this product",
  source_id: "Unique ID in the other system",
  metadata: "Keep under its own name",
  ignore: "Leave out",
} as Record<ImportTarget, string>;

const shownExamples = 3;

/** Reads the beginning of a file, or says why it cannot be imported. */
export const openImportFile = async (file: File): Promise<ImportFile | { problem: string }> => {
  if (file.size === 0) return { problem: `“${file.name}” is empty.` };
  if (file.size > importLimits.bytes)
    return { problem: `“${file.name}” is larger than ${importLimits.bytes / 1024 / 1024} MB. Split it into several files.` };
  const preview = await readPreview(file);
  if ("problem" in preview) return preview;
  const { columns: headers, rows } = preview;
  const usable = [...new Set(headers)].filter(isUsableHeader);
  if (usable.length === 0) return { problem: `“${file.name}” has no column names in its first line.` };
  if (headers.length > importLimits.columns)
    return { problem: `“${file.name}” has ${formatCount(headers.length)} columns; at most ${importLimits.columns} can be imported.` };
  return {
    file,
    mapping: guessMapping(usable),
    columns: usable.map((header) => ({
      header,
      examples: rows
        .map((row) => row[headers.indexOf(header)]?.trim() ?? "")
        .filter(Boolean)
        .slice(0, shownExamples),
    })),
  };
};

/** Targets that two columns cannot both become. */
export const doubledTargets = (mapping: ImportMapping): ImportTarget[] => {
  const counts = Map.groupBy(Object.values(mapping), (target) => target);
  return [...counts].filter(([target, all]) => target !== "metadata" && target !== "ignore" && all.length > 1).map(([target]) => target);
};

/** Whether a column identifies a person: a name, an e-mail address or a phone number. */
export const namesSomebody = (mapping: ImportMapping): boolean => Object.values(mapping).some(identifies);
