import { z } from "zod";
import { defineNode } from "#contract/node-definition.ts";

/** Whether a contact that has been in this flow may enter it again. */
export const ReEntry = z.discriminatedUnion("rule", [
  z.strictObject({ rule: z.literal("any_time") }),
  z.strictObject({ rule: z.literal("when_finished") }),
  z.strictObject({ rule: z.literal("once") }),
  z.strictObject({ rule: z.literal("after_days"), days: z.number().int().min(1).max(3650) }),
]);

export const start = defineNode({
  type: "start",
  label: "Start",
  description: "Where a contact enters the flow, and whether it may enter again.",
  category: "entry",
  needs: () => [],
  config: z.strictObject({
    reEntry: ReEntry.default({ rule: "any_time" }),
    /** A reply ends the flow for its contact, unless the flow waits for one at that moment. */
    stopOnReply: z.boolean().default(false),
  }),
  defaults: { reEntry: { rule: "any_time" } },
  reEntry: (config) => config.reEntry,
  stopsOnReply: (config) => config.stopOnReply,
  output: z.strictObject({}),
  personal: [],
  describeResult: () => [],
  exits: () => [{ handle: "next", label: "Next" }],
});
