import { z } from "zod";
import { defineNode } from "#contract/node-definition.ts";
import { testGroup, testPlaces } from "../condition/definition.ts";
import { comparedFact, comparedResult } from "../results/compared.ts";
import { textFact } from "../results/facts.ts";
import { limitSeconds, lookAgainSeconds } from "../time/watch-fields.ts";

export const goal = defineNode({
  type: "goal",
  label: "Goal",
  description: "Draws the contact here from any step before it, as soon as the goal is reached.",
  category: "logic",
  needs: () => [],
  isGoal: true,
  watchesContact: () => true,
  config: z.strictObject({
    ...testGroup,
    /** What happens to executions that come here without having reached the goal. */
    otherwise: z.enum(["continue", "wait", "end"]).default("continue"),
    /** The longest time that they wait. */
    limitSeconds: limitSeconds.default(30 * 86_400),
    lookAgainSeconds,
  }),
  defaults: { tests: [{ field: "lead_status", operator: "is", value: "Customer" }] },
  output: z
    .strictObject({
      /** The node from which it was drawn here; null where it came by itself. */
      from: z.string().nullable(),
      result: z.literal("not_reached"),
      ...comparedResult,
    })
    .partial(),
  personal: ["compared"],
  describeResult: ({ from, result, compared }) => [
    ...comparedFact(compared),
    ...textFact("Drawn from", from),
    ...textFact("Result", result && "Goal not reached"),
  ],
  names: testPlaces(),
  exits: ({ otherwise }) => {
    const reached = { handle: "reached", label: "Reached" };
    return otherwise === "end" ? [reached] : [reached, { handle: "not_reached", label: "Not reached", optional: true }];
  },
});
