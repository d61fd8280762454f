import { z } from "zod";
import { fileName, importableFields } from "./contact-fields.ts";
import { consentTargets } from "./csv/consent.ts";
import { encodingNames } from "./csv/encodings.ts";
import { Uuid } from "./pagination.ts";
import { requiredText } from "./required-text.ts";

/**
 * The targets of a column. `contact_id` is our own id and `source_id` the contact's id in another system: each decides alone
 * whom a row means. `metadata` keeps the column under its own name, and `ignore` leaves it out.
 */
export const importTargets = [
  ...importableFields.map(fileName),
  ...consentTargets,
  "contact_id",
  "source_id",
  "metadata",
  "ignore",
] as const;
export type ImportTarget = (typeof importTargets)[number];

/** A column of the file: its text in the header, what it becomes, and whether a person said that it is not about consent. */
export const ImportColumn = z.strictObject({
  header: z.string().max(200),
  target: z.enum(importTargets),
  notConsent: z.literal(true).optional(),
});
export type ImportColumn = z.infer<typeof ImportColumn>;

export const importLimits = { bytes: 10 * 1024 * 1024, rows: 50_000, columns: 500, problemsKept: 1000 } as const;

/**
 * The settings of an import. `columns` names every column of the file, in its order. Without `encoding` it is detected.
 * `headerRow`: which line that is not empty names the columns. The first is 1; what stands above it is passed over. 0: none does,
 * the headers of the columns are empty, and each line is a row. Without it the first does, unless it holds an address or a number.
 */
export const ImportSettings = z.strictObject({
  importId: Uuid,
  fileName: z.string().max(200).optional(),
  /** The system whose ids a `source_id` column holds; the column's own name unless told. */
  source: requiredText(100).optional(),
  defaultCountry: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  encoding: z.enum(encodingNames).optional(),
  headerRow: z.number().int().min(0).max(100).optional(),
  columns: z.array(ImportColumn).min(1).max(importLimits.columns),
});
export type ImportSettings = z.infer<typeof ImportSettings>;
