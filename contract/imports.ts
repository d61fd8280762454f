import { z } from "zod";
import { Timestamp, Uuid } from "./pagination.ts";

/** `line` is the line of the file (the header is line 1). */
export const ImportProblem = z.object({ line: z.number().int(), column: z.string().nullable(), message: z.string() });
export type ImportProblem = z.infer<typeof ImportProblem>;

/** For how many days an import can be taken back as one step. */
export const undoDays = 30;

/**
 * rowsRead = created + updated + refused. `keptApart` counts those of the created that share a number or an address with
 * somebody else, `fromBin` those of the updated that lay in the bin and were restored, and `overwritten` the values that
 * were replaced by others. `problems` keeps the first 1,000.
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
  fromBin: z.number().int(),
  problems: z.array(ImportProblem),
  errorMessage: z.string().nullable(),
  createdAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  /** Until when it can be undone; null when it cannot: it is running, too old, or undone. */
  undoUntil: Timestamp.nullable(),
  /** What an undo did: contacts moved to the bin, contacts put back, and contacts left as they are because they changed since. */
  undone: z.object({ at: Timestamp, removed: z.number().int(), restored: z.number().int(), changedSince: z.number().int() }).nullable(),
});
export type ContactImport = z.infer<typeof ContactImport>;

/** Why a row that shares a number or an address with a contact is somebody else. */
export const apartReasons = ["other_id", "other_email", "other_phone", "other_name"] as const;
export type ApartReason = (typeof apartReasons)[number];

export const ImportOverwrite = z.object({ line: z.number().int(), field: z.string(), from: z.string(), to: z.string() });
export type ImportOverwrite = z.infer<typeof ImportOverwrite>;

/**
 * A contact that an import kept apart from another one, took out of the bin (`fromBin`), or in which it replaced values.
 * `fromId` is null once that one is gone.
 */
export const ImportLine = z.object({
  line: z.number().int(),
  contactId: Uuid,
  displayName: z.string(),
  apart: z.object({ reason: z.enum(apartReasons), fromId: Uuid.nullable(), fromName: z.string().nullable() }).nullable(),
  overwrites: z.array(ImportOverwrite),
  fromBin: z.boolean(),
});
export type ImportLine = z.infer<typeof ImportLine>;
