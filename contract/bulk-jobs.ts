import { z } from "zod";
import { ContactBulkAction, Selection } from "./contacts.ts";
import { LeadStatus } from "./lead-statuses.ts";
import { PageQuery, Timestamp, Uuid } from "./pagination.ts";

/**
 * A change of many contacts that runs as a job:
 *
 *   freezing   the contacts that are meant are written down, so that later changes of the contacts do not move the list
 *   asks       the number has moved by more than 1 % since it was shown; a person confirms the new one, or cancels
 *   running    the contacts are changed in passes, each with one result
 *   done · cancelled · failed   nothing changes any more
 */
export const bulkJobStates = ["freezing", "asks", "running", "done", "cancelled", "failed"] as const;
export type BulkJobState = (typeof bulkJobStates)[number];
export const isBulkJobOver = (state: BulkJobState): boolean => state === "done" || state === "cancelled" || state === "failed";

export const bulkOutcomes = ["changed", "same", "skipped", "failed"] as const;
export type BulkOutcome = (typeof bulkOutcomes)[number];

/** Why a contact was skipped or failed, in the words of the screens. */
export const bulkReasons = {
  contact_deleted: "The contact was deleted",
  changed_since: "Somebody changed it since, so it stays as it is",
  error: "The database refused this contact",
} as const;
export type BulkReason = keyof typeof bulkReasons;
const bulkReasonCodes = Object.keys(bulkReasons) as [BulkReason, ...BulkReason[]];

/** For how many days a job is kept with its results, and can be undone. */
export const bulkJobDays = 30;
/** A deletion of more contacts needs the number to be typed. */
export const deletedUntyped = 100;
/** A deletion of more contacts needs an admin. */
export const deletedByEditors = 10_000;
/** Up to this many contacts, `POST /api/contacts/bulk` changes before it answers. */
export const changedAtOnce = 500;

/** The actions that a job may be asked for. Contacts are restored by their ids, because a filter finds none that lie in the bin. */
export const RequestedAction = z.discriminatedUnion("type", [...ContactBulkAction.options, z.strictObject({ type: z.literal("restore") })]);
export type RequestedAction = z.infer<typeof RequestedAction>;

/**
 * Gives the contacts that have a lead status another one, or none (null), in the bin too. `list` is how the list was changed
 * at the same moment, so that an undo can take that back as well; null where only a value outside the list was replaced.
 */
const ReplaceStatus = z.strictObject({
  type: z.literal("replace_status"),
  from: z.string(),
  to: z.string().nullable(),
  list: z
    .discriminatedUnion("change", [
      z.strictObject({ change: z.literal("renamed"), id: Uuid }),
      z.strictObject({ change: z.literal("removed"), status: LeadStatus, place: z.number().int() }),
    ])
    .nullable(),
});
export type ReplaceStatus = z.infer<typeof ReplaceStatus>;

/** The kinds of jobs. */
export const BulkAction = z.discriminatedUnion("type", [...RequestedAction.options, ReplaceStatus]);
export type BulkAction = z.infer<typeof BulkAction>;

/** A number of contacts as a person was shown it, or typed it. */
const count = z.number().int().min(0).max(2_147_483_647);

/**
 * `jobId` is made by the caller: a second request with the same id is answered with the same job. `expectedTotal` is the
 * number that the person was shown. A deletion of more than 100 contacts also needs the number that the person typed, as
 * `confirm` or as `expectedTotal`; it has to be the number of contacts that are deleted.
 */
const bulkJobInput = z.strictObject({
  jobId: Uuid,
  selection: Selection,
  action: RequestedAction,
  expectedTotal: count.optional(),
  confirm: count.optional(),
  /** True lets a lead status be given that the workspace's list does not hold. */
  evenIfUnlisted: z.boolean().default(false),
  /** A change by a job starts no flows. */
  startFlows: z.literal(false).default(false),
});
export const CreateBulkJob = bulkJobInput.refine(({ selection, action }) => action.type !== "restore" || selection.type === "ids", {
  path: ["selection"],
  message: "Contacts are restored by their ids",
});
export type CreateBulkJob = z.infer<typeof CreateBulkJob>;

/** The same for `POST /api/contacts/bulk`, whose id may be left out. */
export const ChangeContacts = z.strictObject({
  ...bulkJobInput.pick({ selection: true, expectedTotal: true, confirm: true }).shape,
  action: ContactBulkAction,
  jobId: Uuid.optional(),
});

/** total = changed + same + skipped + failed + left. Until the contacts are written down `total` and `left` are null. */
export const BulkJob = z.object({
  id: Uuid,
  action: BulkAction,
  /** The job that this one takes back. */
  undoOf: Uuid.nullable(),
  state: z.enum(bulkJobStates),
  expectedTotal: z.number().int().nullable(),
  total: z.number().int().nullable(),
  changed: z.number().int(),
  same: z.number().int(),
  skipped: z.number().int(),
  failed: z.number().int(),
  left: z.number().int().nullable(),
  errorMessage: z.string().nullable(),
  createdBy: Uuid.nullable(),
  createdByName: z.string().nullable(),
  createdAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  /** Until when it can be undone; null when it cannot: it is running, changed nothing, is too old, or is undone. */
  undoUntil: Timestamp.nullable(),
  /** The job that takes this one back, if there is one that was neither cancelled nor failed. */
  undoneBy: Uuid.nullable(),
});
export type BulkJob = z.infer<typeof BulkJob>;

/** The result of one contact; `outcome` is null until its pass. `before` holds the value that was replaced. */
export const BulkJobItem = z.object({
  contactId: Uuid,
  /** Null: the contact was erased. */
  displayName: z.string().nullable(),
  outcome: z.enum(bulkOutcomes).nullable(),
  reason: z.enum(bulkReasonCodes).nullable(),
  /** Whether it lies in the bin just now. */
  inBin: z.boolean(),
  before: z.object({ leadStatus: z.string().nullable() }).nullable(),
});
export type BulkJobItem = z.infer<typeof BulkJobItem>;

export const BulkJobListQuery = z.strictObject({
  ...PageQuery.shape,
  /** Only those that are not over. */
  active: z.literal("true").optional(),
});
export const BulkJobItemsQuery = z.strictObject({ ...PageQuery.shape, outcome: z.enum(bulkOutcomes).optional() });
