import { z } from "zod";
import { defineNode } from "#contract/node-definition.ts";
import { textFact, timeFact } from "../results/facts.ts";
import { TimeOfDay, Weekday, WhoseZone } from "../time/local-time-fields.ts";
import { FieldName, isKnownByRun } from "../values/field-name.ts";

/** Seconds per unit. A business day, Monday to Friday, is never shorter than the calendar day that is counted here. */
export const delayUnits = { seconds: 1, minutes: 60, hours: 3600, days: 86_400, business_days: 86_400, weeks: 604_800 } as const;
export type DelayUnit = keyof typeof delayUnits;

const Unit = z.enum(Object.keys(delayUnits) as [DelayUnit, ...DelayUnit[]]);
const longestSeconds = 366 * 86_400;

/** The delay is up to this much longer, by chance, so that not everybody is written to in the same second. */
const spreadSeconds = z
  .number()
  .int()
  .min(1)
  .max(7 * 86_400)
  .optional();

export const DelayConfig = z.discriminatedUnion("mode", [
  z
    .strictObject({ mode: z.literal("duration"), amount: z.number().int().min(1), unit: Unit, spreadSeconds })
    .refine(({ amount, unit }) => amount * delayUnits[unit] <= longestSeconds, {
      path: ["amount"],
      message: "A delay is at most 366 days long",
    }),
  z.strictObject({
    mode: z.literal("until_time"),
    time: TimeOfDay,
    /** Without weekdays every day counts. */
    weekdays: z.array(Weekday).max(7).optional(),
    zone: WhoseZone,
    spreadSeconds,
  }),
  z.strictObject({
    mode: z.literal("until_date"),
    field: FieldName,
    /** A negative amount means before the date. */
    offset: z
      .strictObject({ amount: z.number().int(), unit: Unit })
      .refine(({ amount, unit }) => Math.abs(amount) * delayUnits[unit] <= longestSeconds, {
        path: ["amount"],
        message: "At most 366 days before or after the date",
      })
      .default({ amount: 0, unit: "days" }),
    /** Without a time of day, the time that the field holds counts, or else the beginning of the day. */
    time: TimeOfDay.optional(),
    zone: WhoseZone,
    /** The date comes every year, as birthdays do, so it is never past. */
    yearly: z.boolean().default(false),
    /**
     * The behaviour when the moment is over, or the contact has no such date. `next_possible` waits until clocks next
     * show that time. Without a date it has nothing to wait for, and the execution goes on. A date that is there and cannot
     * be read has an exit of its own, whatever is chosen here.
     */
    past: z.enum(["go_on", "next_possible", "exit"]).default("exit"),
    spreadSeconds,
  }),
]);
export type UntilDate = Extract<z.output<typeof DelayConfig>, { mode: "until_date" }>;

const next = { handle: "next", label: "Next" };
const past = { handle: "past", label: "Past or no date" };
/** A date that cannot be read is no past date: whoever it concerns would be written to at once. */
const unreadable = { handle: "date_unreadable", label: "Date cannot be read", aside: true };

/** Whether the date is one of the contact, which may be moved while executions wait for it. */
export const isOfContact = ({ field }: UntilDate): boolean => !isKnownByRun(field);

export const delay = defineNode({
  type: "delay",
  label: "Delay",
  description: "Waits for a time, until an hour of the day, or until a date of the contact.",
  category: "timing",
  needs: () => [],
  config: DelayConfig,
  defaults: { mode: "duration", amount: 1, unit: "days" },
  output: z
    .strictObject({
      until: z.string(),
      /** The zone in which the hour or the day was counted. */
      zone: z.string(),
      /** The moment of the contact's date, offset included; null where the field holds none. */
      date: z.string().nullable(),
      /** The value of the field when it cannot be read as a date. */
      unreadable: z.string(),
    })
    .partial(),
  personal: ["until", "zone", "date", "unreadable"],
  describeResult: ({ until, zone, date, unreadable }, { isWaiting }) => [
    ...timeFact("Planned until", isWaiting ? undefined : until),
    ...textFact("Time zone", zone),
    ...timeFact("Date", date),
    ...textFact("Not a date", unreadable),
  ],
  names: { fields: ["field"] },
  exits: (config) => (config.mode === "until_date" ? [next, ...(config.past === "exit" ? [past] : []), unreadable] : [next]),
  watchesContact: (config) => config.mode === "until_date" && isOfContact(config),
  leastWaitSeconds(config) {
    if (config.mode === "duration") return config.amount * delayUnits[config.unit];
    // An execution that comes round again to an hour of the day waits for that hour of the next day, which is a rest of
    // many hours. A date may be past, which is no rest.
    return config.mode === "until_time" ? 3600 : 0;
  },
});
