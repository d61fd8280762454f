import { z } from "zod";
import { defineNode } from "#contract/node-definition.ts";
import { textFact } from "../results/facts.ts";

const Ending = z.enum(["reached", "not_reached", "neutral"]);
const endingWords = { reached: "Goal reached", not_reached: "Goal not reached", neutral: "Left the flow" } as const;

export const end = defineNode({
  type: "end",
  label: "End",
  description: "The contact leaves the flow here.",
  category: "end",
  needs: () => [],
  config: z.strictObject({ result: Ending.default("neutral") }),
  defaults: { result: "neutral" },
  output: z.strictObject({ result: Ending }).partial(),
  personal: [],
  describeResult: ({ result }) => textFact("Result", result && endingWords[result]),
  exits: () => [],
});
