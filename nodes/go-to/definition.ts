import { z } from "zod";
import { defineNode } from "#contract/node-definition.ts";
import { textFact } from "../results/facts.ts";

export const goTo = defineNode({
  type: "go_to",
  label: "Go to",
  description: "Goes back to an earlier step, a limited number of times.",
  category: "logic",
  needs: () => [],
  config: z.strictObject({
    /** The id of the earlier node. The way back is not an edge, so that nobody draws a loop by accident. */
    target: z.string().min(1).max(100),
    times: z.number().int().min(1).max(100),
    /** The execution rests this long before each round. Zero is allowed where the loop rests elsewhere, which the check of the graph makes sure of. */
    pauseSeconds: z
      .number()
      .int()
      .min(0)
      .max(366 * 86_400)
      .refine((seconds) => seconds === 0 || seconds >= 60, "A pause is at least 60 seconds long, or none")
      .default(0),
  }),
  defaults: { target: "start", times: 3, pauseSeconds: 86_400 },
  output: z
    .strictObject({
      round: z.number().int(),
      of: z.number().int(),
      /** The id of the node. */
      target: z.string(),
      /** All rounds that were allowed; given where no other is. */
      rounds: z.number().int(),
    })
    .partial(),
  personal: [],
  describeResult: ({ round, of, rounds }) => [
    ...textFact("Round", round && (of === undefined ? round : `${round} of ${of}`)),
    ...textFact("Rounds", rounds),
  ],
  exits: () => [
    { handle: "next", label: "Again" },
    { handle: "limit_reached", label: "Limit reached" },
  ],
  names: { nodes: ["target"] },
  jumps: ({ target }) => ({ next: target }),
  leastWaitSeconds: ({ pauseSeconds }) => pauseSeconds,
});
