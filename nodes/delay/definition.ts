import { z } from "zod";
import { defineNode } from "#contract/node-definition.ts";

export const delayUnits = { seconds: 1, minutes: 60, hours: 3600, days: 86_400, weeks: 604_800 } as const;
export type DelayUnit = keyof typeof delayUnits;

/** Days of the week as people count them: 1 is Monday, 7 is Sunday. */
const Weekday = z.number().int().min(1).max(7);
const longestSeconds = 366 * 86_400;

export const DelayConfig = z.discriminatedUnion("mode", [
  z
    .strictObject({
      mode: z.literal("duration"),
      amount: z.number().int().min(1),
      unit: z.enum(Object.keys(delayUnits) as [DelayUnit, ...DelayUnit[]]),
    })
    .refine(({ amount, unit }) => amount * delayUnits[unit] <= longestSeconds, {
      path: ["amount"],
      message: "A delay is at most 366 days long",
    }),
  z.strictObject({
    mode: z.literal("until_time"),
    time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "A time of day is needed, as in 09:00"),
    /** Left out or empty: every day. */
    weekdays: z.array(Weekday).max(7).optional(),
    zone: z.enum(["contact", "workspace"]).default("contact"),
  }),
]);

export const delay = defineNode({
  type: "delay",
  label: "Delay",
  description: "Waits for a time, or until an hour of the day.",
  category: "timing",
  config: DelayConfig,
  defaults: { mode: "duration", amount: 1, unit: "days" },
  exits: () => [{ handle: "next", label: "Next" }],
  // Whoever comes round again to an hour of the day waits for the next day's, so that is a rest of many hours.
  leastWaitSeconds: (config) => (config.mode === "duration" ? config.amount * delayUnits[config.unit] : 3600),
});
