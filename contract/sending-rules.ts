import { z } from "zod";
import { CanaryRules } from "./canary.ts";
import { isSendableEmail, withPlainDomain } from "./email-address.ts";
import { isFullNumber } from "./full-number.ts";
import { oneSpelling } from "./one-spelling.ts";

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "A time of day is needed, as in 09:00");

/** Hours of a flow's own, within those of the workspace. */
export const FlowHours = z
  .strictObject({ from: TimeOfDay, to: TimeOfDay })
  .refine(({ from, to }) => from < to, { path: ["to"], message: "The hours end before they begin" });
export type FlowHours = z.infer<typeof FlowHours>;

/** An address as messages go to it: a number without its blanks and as its subscriber is known, a domain in ASCII. */
export const plainAddress = (typed: string): string =>
  typed.includes("@") ? withPlainDomain(typed.trim()) : oneSpelling(typed.replaceAll(/[\s()./-]/g, ""));

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
    .strictObject({
      on: z.boolean().default(false),
      addresses: z.array(z.string().trim().min(3).max(254).overwrite(plainAddress)).max(100).default([]),
    })
    .prefault({}),
  /** How a send is tried with a few first, where somebody asks for it. */
  canary: CanaryRules.prefault({}),
});
export type SendingRules = z.infer<typeof SendingRules>;

/** Rules as they are given. Stored ones from before stay readable, whatever stands in their sandbox. */
export const GivenSendingRules = SendingRules.superRefine(({ sandbox }, { addIssue }) => {
  for (const address of sandbox.addresses.filter((one) => !isSendableEmail(one) && !isFullNumber(one)))
    addIssue({
      code: "custom",
      path: ["sandbox", "addresses"],
      message: `Messages never go to “${address}”: give a number with its country code, as in +1 415 555 0100, or an e-mail address`,
    });
});

/** What is in force where nothing was set. */
export const usualSendingRules: SendingRules = SendingRules.parse({});

/** Stored rules. Those that this version cannot read are the usual ones, which are strict. */
export const readSendingRules = (stored: unknown): SendingRules => SendingRules.safeParse(stored).data ?? usualSendingRules;
