import { z } from "zod";
import { defineNode } from "#contract/node-definition.ts";

export const end = defineNode({
  type: "end",
  label: "End",
  description: "The contact leaves the flow here.",
  category: "end",
  config: z.strictObject({ result: z.enum(["reached", "not_reached", "neutral"]).default("neutral") }),
  defaults: { result: "neutral" },
  exits: () => [],
});
