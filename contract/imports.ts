import { z } from "zod";
import { fileName, importableFields } from "./contact-fields.ts";
import { consentTargets } from "./csv/consent.ts";
import { encodingNames } from "./csv/encodings.ts";
import { Timestamp, Uuid } from "./pagination.ts";

/**
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

/** The settings of an import. `columns` names every column of the file, in its order. Without `encoding` it is detected. */
export const ImportSettings = z.strictObject({
  importId: Uuid,
  fileName: z.string().max(200).optional(),
  /** The system whose ids a `source_id` column holds; the column's own name unless told. */
  source: z.string().trim().min(1).max(100).optional(),
  defaultCountry: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  encoding: z.enum(encodingNames).optional(),
  columns: z.array(ImportColumn).min(1).max(importLimits.columns),
});
export type ImportSettings = z.infer<typeof ImportSettings>;

/** `line` is the line of the file (the header is line 1). */
export const ImportProblem = z.object({ line: z.number().int(), column: z.string().nullable(), message: z.string() });
export type ImportProblem = z.infer<typeof ImportProblem>;

/** For how many days an import can be taken back as one step. */
export const undoDays = 30;

/**
 * rowsRead = created + updated + refused. `keptApart` counts those of the created that share a number or an address with
 * somebody else, and `overwritten` the values that were replaced by others. `problems` keeps the first 1,000.
 */
export const ContactImport = z.object({
  id: Uuid,
  state: z.enum(["running", "done", "failed"]),
  fileName: z.string().nullable(),
  rowsRead: z.number().int(),
  created: z.number().int(),
  updated: z.number().int(),
  refused: z.number().int(),
  keptApart: z.number().int(),
  overwritten: z.number().int(),
  problems: z.array(ImportProblem),
  errorMessage: z.string().nullable(),
  createdAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  /** Until when it can be undone; null when it cannot: it is running, too old, or undone. */
  undoUntil: Timestamp.nullable(),
  /** What an undo did: contacts deleted, contacts put back, and contacts left as they are because they changed since. */
  undone: z.object({ at: Timestamp, removed: z.number().int(), restored: z.number().int(), changedSince: z.number().int() }).nullable(),
});
export type ContactImport = z.infer<typeof ContactImport>;

/** Why a row that shares a number or an address with a contact is somebody else. */
export const apartReasons = ["other_id", "other_email", "other_phone", "other_name"] as const;
export type ApartReason = (typeof apartReasons)[number];

export const ImportOverwrite = z.object({ line: z.number().int(), field: z.string(), from: z.string(), to: z.string() });
export type ImportOverwrite = z.infer<typeof ImportOverwrite>;

/** A contact that an import kept apart from another one, or in which it replaced values. `fromId` is null once that one is gone. */
export const ImportLine = z.object({
  line: z.number().int(),
  contactId: Uuid,
  displayName: z.string(),
  apart: z.object({ reason: z.enum(apartReasons), fromId: Uuid.nullable(), fromName: z.string().nullable() }).nullable(),
  overwrites: z.array(ImportOverwrite),
});
export type ImportLine = z.infer<typeof ImportLine>;
