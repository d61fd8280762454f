import { z } from "zod";
import { ContactFilter } from "./contacts.ts";
import { Timestamp, Uuid } from "./pagination.ts";
import { requiredText } from "./required-text.ts";
import { keptFields } from "./send-requests.ts";
import { sendStates } from "./sends.ts";
import { Exclusions } from "./who-not.ts";

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must look like 09:30");

/**
 * What a saved launch says of a send: what the send itself can be asked for, but for what is of one day. It means who matches the
 * filter when it is run.
 */
export const SavedTerms = keptFields.omit({ flowId: true, selection: true, start: true }).extend({
  filter: ContactFilter,
  /** Contacts that were taken out one by one are of one day, so none are saved. */
  exclude: Exclusions.omit({ contacts: true }).optional(),
  /** The next time that this clock shows it. If it is left out, the send begins at once. */
  startsAt: z.strictObject({ time: TimeOfDay, zone: z.enum(["workspace", "contact"]).default("workspace") }).optional(),
  /** A time of the workspace's clock, so many days after the day on which the send begins. */
  notLaterThan: z.strictObject({ time: TimeOfDay, days: z.int().min(0).max(3_650) }).optional(),
});
export type SavedTerms = z.infer<typeof SavedTerms>;

const Name = requiredText(100, "Needed");

export const SavedLaunchInput = z.strictObject({
  name: Name,
  flowId: Uuid,
  /** Whether all members see it. Otherwise only its maker does. */
  shared: z.boolean().default(false),
  terms: SavedTerms,
});
export type SavedLaunchInput = z.infer<typeof SavedLaunchInput>;

export const SavedLaunchPatch = z
  .strictObject({ name: Name.optional(), shared: z.boolean().optional(), terms: SavedTerms.optional() })
  .refine((patch) => Object.keys(patch).length > 0, "Nothing to change was given");
export type SavedLaunchPatch = z.infer<typeof SavedLaunchPatch>;

export const SavedLaunch = z.object({
  id: Uuid,
  name: z.string(),
  flowId: Uuid,
  flowName: z.string(),
  shared: z.boolean(),
  madeByName: z.string().nullable(),
  /** Whether the caller may rename, share and delete it: its maker, and of a shared one also an admin. */
  mayChange: z.boolean(),
  /** Null where it can no longer be read. */
  terms: SavedTerms.nullable(),
  createdAt: Timestamp,
  /** The last send that was made from it. */
  lastSend: z
    .object({
      id: Uuid,
      state: z.enum(sendStates),
      createdAt: Timestamp,
      total: z.number().int(),
      enrolled: z.number().int(),
      /** How many contacts at least one message has left for; null while that is not counted. */
      reached: z.number().int().nullable(),
      failed: z.number().int(),
    })
    .nullable(),
});
export type SavedLaunch = z.infer<typeof SavedLaunch>;
