import { z } from "zod";
import { fileName, importableFields } from "./contact-fields.ts";
import { Timestamp, Uuid } from "./pagination.ts";

/** The targets of a CSV column. `ignore` leaves it out; `metadata` keeps it under the column's name. */
export const importTargets = [...importableFields.map(fileName), "metadata", "ignore"] as const;
export type ImportTarget = (typeof importTargets)[number];

/** Column name (as in the file's header) → target. */
export const ImportMapping = z.record(z.string().min(1).max(200), z.enum(importTargets));
export type ImportMapping = z.infer<typeof ImportMapping>;

export const importLimits = { bytes: 10 * 1024 * 1024, rows: 50_000, columns: 100, recordBytes: 64 * 1024, problemsKept: 1000 } as const;

/** The settings of an import; the file itself is the request's body (text/csv). `mapping` is JSON text. */
export const ImportQuery = z.strictObject({
  importId: Uuid,
  fileName: z.string().max(200).optional(),
  defaultCountry: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  mapping: z
    .string()
    .max(8000)
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: "custom", message: "The mapping is not valid JSON" });
        return z.NEVER;
      }
    })
    .pipe(ImportMapping),
});
export type ImportQuery = z.infer<typeof ImportQuery>;

/** `line` is the line of the file (the header is line 1). */
export const ImportProblem = z.object({ line: z.number().int(), column: z.string().nullable(), message: z.string() });
export type ImportProblem = z.infer<typeof ImportProblem>;

/** rowsRead = created + updated + refused. `problems` keeps the first 1,000. */
export const ContactImport = z.object({
  id: Uuid,
  state: z.enum(["running", "done", "failed"]),
  fileName: z.string().nullable(),
  rowsRead: z.number().int(),
  created: z.number().int(),
  updated: z.number().int(),
  refused: z.number().int(),
  problems: z.array(ImportProblem),
  errorMessage: z.string().nullable(),
  createdAt: Timestamp,
  finishedAt: Timestamp.nullable(),
});
export type ContactImport = z.infer<typeof ContactImport>;
