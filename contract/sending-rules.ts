import { z } from "zod";
import { CanaryRules } from "./canary.ts";

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "A time of day is needed, as in 09:00");

/** Hours of a flow's own, within those of the workspace. */
export const FlowHours = z
  .strictObject({ from: TimeOfDay, to: TimeOfDay })
  .refine(({ from, to }) => from < to, { path: ["to"], message: "The hours end before they begin" });
export type FlowHours = z.infer<typeof FlowHours>;

/** How the messages of a workspace may leave, beyond what each person has allowed. */
export const SendingRules = z.strictObject({
  /** Marketing SMS leave only between these times where the person lives, and within what the law of the place allows. */
  quietHours: z
    .strictObject({
      on: z.boolean().default(true),
      from: TimeOfDay.default("09:00"),
      to: TimeOfDay.default("20:00"),
      /** Other kinds that wait as well. */
      also: z
        .array(z.enum(["transactional", "conversational"]))
        .max(2)
        .default([]),
    })
    .refine(({ from, to }) => from < to, { path: ["to"], message: "The hours end before they begin" })
    .prefault({}),
  /** `needed`: a marketing SMS leaves only to those whose consent is recorded. */
  smsConsent: z.enum(["not_needed", "needed"]).default("not_needed"),
  /** Marketing messages to one contact; null sets no limit beside the one for all messages. */
  marketingPerDay: z.number().int().min(1).max(1000).nullable().default(null),
  marketingPerWeek: z.number().int().min(1).max(1000).nullable().default(null),
  /** Only these addresses get messages, whatever a flow says. */
  sandbox: z
    .strictObject({ on: z.boolean().default(false), addresses: z.array(z.string().trim().min(3).max(254)).max(100).default([]) })
    .prefault({}),
  /** How a send is tried with a few first, where somebody asks for it. */
  canary: CanaryRules.prefault({}),
});
export type SendingRules = z.infer<typeof SendingRules>;

/** What is in force where nothing was set. */
export const usualSendingRules: SendingRules = SendingRules.parse({});

/** Stored rules. Those that this version cannot read are the usual ones, which are strict. */
export const readSendingRules = (stored: unknown): SendingRules => SendingRules.safeParse(stored).data ?? usualSendingRules;
