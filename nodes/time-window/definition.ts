import { z } from "zod";
import { GivenDay } from "#contract/date-bounds.ts";
import { defineNode } from "#contract/node-definition.ts";
import { textFact, timeFact } from "../results/facts.ts";
import { TimeOfDay, Weekday, WhoseZone } from "../time/local-time-fields.ts";

export const TimeWindowConfig = z
  .strictObject({
    /** The days on which the window opens. */
    days: z.array(Weekday).min(1, "Choose at least one day").max(7),
    from: TimeOfDay,
    /** If this is not later than `from`, the window spans midnight and belongs to the day on which it opened. */
    to: z.union([TimeOfDay, z.literal("24:00")]),
    zone: WhoseZone,
    /** The days on which the window does not open. */
    holidays: z.array(GivenDay).max(100).default([]),
    outside: z.enum(["wait", "drop"]).default("wait"),
  })
  .refine(({ from, to }) => from !== to, { path: ["to"], message: "The window ends when it begins; 00:00 to 24:00 is a whole day" });

export const timeWindow = defineNode({
  type: "time_window",
  label: "Time window",
  description: "Lets contacts through on some days and hours only. The others wait until it opens, or are dropped.",
  category: "timing",
  needs: () => [],
  config: TimeWindowConfig,
  restsFromNow: true,
  defaults: { days: [1, 2, 3, 4, 5], from: "09:00", to: "17:00" },
  output: z
    .strictObject({
      until: z.string().nullable(),
      zone: z.string(),
      waited: z.boolean(),
      /** When the window opens next, for those who are dropped. */
      opens: z.string().nullable(),
    })
    .partial(),
  personal: ["zone"],
  describeResult: ({ until, zone, waited, opens }, { isWaiting }) => [
    ...timeFact("Planned until", isWaiting ? undefined : until),
    ...textFact("Time zone", zone),
    ...textFact("Waited", waited === undefined ? undefined : waited ? "yes" : "no"),
    ...timeFact("Opens", opens),
  ],
  exits: ({ outside }) => {
    const inside = { handle: "inside", label: "Inside" };
    return outside === "drop" ? [inside, { handle: "dropped", label: "Dropped" }] : [inside];
  },
});
