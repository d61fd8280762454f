import { z } from "zod";

/** What a new workspace needs before it can write to people, in the order in which it is shown. */
export const firstSteps = ["country", "timeZone", "channel", "contact", "test"] as const;
export type FirstStep = (typeof firstSteps)[number];

/** Each step is done where the workspace itself shows it, and not because somebody ticked it. */
export const FirstSteps = z.object({
  hidden: z.boolean(),
  done: z.object({
    /** Somebody chose the country, or said that it is right. */
    country: z.boolean(),
    timeZone: z.boolean(),
    /** Of a channel, messages really leave, and its provider has no trouble. */
    channel: z.boolean(),
    /** There is a contact. */
    contact: z.boolean(),
    /** A test message was taken by a provider whose messages really leave. */
    test: z.boolean(),
  }),
});
export type FirstSteps = z.infer<typeof FirstSteps>;

export const FirstStepsPatch = z.strictObject({
  hidden: z.boolean().optional(),
  /** The country or the time zone is right as it is. */
  confirm: z
    .array(z.enum(["country", "timeZone"]))
    .max(2)
    .optional(),
});
