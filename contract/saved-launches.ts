import { z } from "zod";
import { ContactFilter } from "./contacts.ts";
import { LaunchValues } from "./launch-values.ts";
import { Timestamp, Uuid } from "./pagination.ts";
import { Drip, sendStates } from "./sends.ts";
import { Exclusions, narrowingShape } from "./who-not.ts";

/** What a saved launch says of a send. It means who matches the filter when it is run. */
export const SavedTerms = z.strictObject({
  filter: ContactFilter,
  ...narrowingShape,
  /** Contacts that were taken out one by one are of one day, so none are saved. */
  exclude: Exclusions.omit({ contacts: true }).optional(),
  oncePerAddress: z.boolean().default(true),
  values: LaunchValues.optional(),
  drip: Drip.optional(),
  /** The next time that this clock shows it. If it is left out, the send begins at once. */
  startsAt: z
    .strictObject({
      time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must look like 09:30"),
      zone: z.enum(["workspace", "contact"]).default("workspace"),
    })
    .optional(),
});
export type SavedTerms = z.infer<typeof SavedTerms>;

const Name = z.string().trim().min(1, "Needed").max(100);

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
