import { z } from "zod";
import { flowFields } from "./contact-fields.ts";
import { testGroupShape } from "./field-tests.ts";
import { Uuid } from "./pagination.ts";
import type { Reason } from "./reasons.ts";

export const mostExcludedDays = 365;
/** So many contacts can be left out by name; more are left out by a condition. */
export const mostLeftOut = 1_000;
const Days = z.number().int("Whole days are needed").min(1, "At least 1 day").max(mostExcludedDays, `At most ${mostExcludedDays} days`);

/** Whom a send leaves out of those who were chosen. What is left out is not asked. */
export const Exclusions = z.strictObject({
  /** Who came into this flow within so many days, whatever the flow itself says about entering again. */
  hereDays: Days.optional(),
  /** Who is in another flow now. */
  inAnotherFlow: z.boolean().optional(),
  /** Who got a message within so many days, on any channel and of any flow. */
  messagedDays: Days.optional(),
  /** Who has not written anything within so many days. */
  silentDays: Days.optional(),
  /** Contacts that somebody has taken out one by one. */
  contacts: z.array(Uuid).max(mostLeftOut, `At most ${mostLeftOut} contacts can be left out by name`).optional(),
});
export type Exclusions = z.infer<typeof Exclusions>;

/** Tests of the contact's own fields: only who passes them gets the send. */
export const SendCondition = z.strictObject(
  testGroupShape(z.string().refine((field) => flowFields.includes(field), "Choose a field of the contact")),
);
export type SendCondition = z.infer<typeof SendCondition>;

/** Who not, and only if. */
export const narrowingShape = { exclude: Exclusions.optional(), condition: SendCondition.optional() };
export const Narrowing = z.strictObject(narrowingShape);
export type Narrowing = z.infer<typeof Narrowing>;

/** The reason with which each of them leaves a contact out. */
export const reasonsOfNarrowing = {
  contacts: "left_out",
  condition: "send_condition",
  hereDays: "was_here_recently",
  inAnotherFlow: "in_another_flow",
  messagedDays: "messaged_recently",
  silentDays: "no_recent_reply",
} as const satisfies Record<keyof Exclusions | "condition", Reason>;

/** One form for all that ask the same: what is not asked does not stand there. */
export function plainNarrowing({ exclude, condition }: Narrowing): Narrowing {
  const { contacts, ...rest } = exclude ?? {};
  const asked: Exclusions = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined && value !== false));
  if (contacts && contacts.length > 0) asked.contacts = [...new Set(contacts.map((id) => id.toLowerCase()))].sort();
  return { ...(Object.keys(asked).length > 0 && { exclude: asked }), ...(condition && { condition }) };
}

export const narrowsNothing = (narrowing: Narrowing): boolean => Object.keys(plainNarrowing(narrowing)).length === 0;
