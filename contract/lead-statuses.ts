import { z } from "zod";
import { countLimits } from "./count-limits.ts";
import { foldName } from "./fold.ts";
import { Uuid } from "./pagination.ts";
import { requiredText } from "./required-text.ts";
import { typedText } from "./typed-text.ts";

/** The colours are tones of the theme, so each has enough contrast in light and in dark. */
export const statusColors = ["grey", "blue", "green", "yellow", "orange", "red"] as const;
export type StatusColor = (typeof statusColors)[number];

/** What a status says of the lead: it is still open, it was won, or it was lost. */
export const statusKinds = ["open", "won", "lost"] as const;
export type StatusKind = (typeof statusKinds)[number];

/** A lead status of the workspace's list. Contacts hold the name, and values that are not in the list stay as they are. */
export const LeadStatus = z.object({
  id: Uuid,
  name: z.string(),
  color: z.enum(statusColors),
  kind: z.enum(statusKinds),
  /** The form for a new contact begins with this one. One status at most. */
  isDefault: z.boolean(),
});
export type LeadStatus = z.infer<typeof LeadStatus>;

const Name = z
  .string()
  .overwrite(typedText)
  .transform((name) => name.trim())
  .pipe(z.string().min(1, "A name is needed").max(100))
  .refine((name) => /[\p{L}\p{N}]/u.test(foldName(name)), "A name needs a letter or a digit");

export const NewLeadStatus = z.strictObject({
  name: Name,
  color: z.enum(statusColors).default("grey"),
  kind: z.enum(statusKinds).default("open"),
});

export const LeadStatusPatch = z
  .strictObject({
    name: Name.optional(),
    color: z.enum(statusColors).optional(),
    kind: z.enum(statusKinds).optional(),
    isDefault: z.boolean().optional(),
  })
  .refine((patch) => Object.keys(patch).length > 0, "Nothing to change was given");
export type LeadStatusPatch = z.infer<typeof LeadStatusPatch>;

/** The ids in the new order. Those that are not named follow. */
export const LeadStatusOrder = z.strictObject({ ids: z.array(Uuid).min(1).max(countLimits.leadStatuses.most) });

/** Which status the contacts of a status or a value get instead: the id of one of the list, or none. */
export const Replacement = z.union([z.literal("none"), Uuid]);
export type Replacement = z.infer<typeof Replacement>;

/** A flow that tests or sets a lead status by its name. */
export const FlowNaming = z.object({ id: Uuid, name: z.string() });
export type FlowNaming = z.infer<typeof FlowNaming>;

/** What has a status of the list: contacts, contacts in the bin, and flows that name it. */
export const LeadStatusUsage = z.object({
  contacts: z.number().int(),
  inBin: z.number().int(),
  flows: z.array(FlowNaming),
});
export type LeadStatusUsage = z.infer<typeof LeadStatusUsage>;

/** A value outside the list whose contacts get a status of the list, or none. */
export const ValueMapping = z.strictObject({ value: requiredText(1_000), replacement: Replacement });

/** A value that contacts have, with how many. `statusId` is null where it is not in the list. */
export const LeadStatusUse = z.object({ value: z.string(), statusId: Uuid.nullable(), contacts: z.number().int() });
export type LeadStatusUse = z.infer<typeof LeadStatusUse>;

/** The status of the list that a value names, in whatever spelling. */
export const statusNamed = <S extends { name: string }>(statuses: readonly S[], value: string): S | undefined => {
  const folded = foldName(value);
  return statuses.find(({ name }) => foldName(name) === folded);
};

/** Writes a value as the list spells it. A value that is not in the list stays as it is. */
export function listedSpelling(statuses: readonly { name: string }[]): (value: string) => string {
  const names = new Map(statuses.map(({ name }) => [foldName(name), name]));
  return (value) => names.get(foldName(value)) ?? value;
}
