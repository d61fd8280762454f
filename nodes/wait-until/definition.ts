import { z } from "zod";
import { defineNode } from "#contract/node-definition.ts";
import { testGroup, testPlaces } from "../condition/definition.ts";
import { comparedFact, comparedResult } from "../results/compared.ts";
import { limitSeconds, lookAgainSeconds } from "../time/watch-fields.ts";

export const waitUntil = defineNode({
  type: "wait_until",
  label: "Wait until",
  description: "Waits until something about the contact is so, or the time is over.",
  category: "timing",
  needs: () => [],
  watchesContact: () => true,
  config: z.strictObject({ ...testGroup, limitSeconds, lookAgainSeconds }),
  defaults: { tests: [{ field: "lead_status", operator: "is", value: "Customer" }], limitSeconds: 7 * 86_400 },
  output: z.strictObject({ waitedSeconds: z.number().int(), ...comparedResult }).partial(),
  personal: ["compared"],
  describeResult: ({ waitedSeconds, compared }) => [
    ...comparedFact(compared),
    ...(waitedSeconds === undefined ? [] : [{ kind: "duration", label: "Waited", value: waitedSeconds * 1000 } as const]),
  ],
  names: testPlaces(),
  exits: () => [
    { handle: "met", label: "Met" },
    { handle: "time_over", label: "Time over" },
  ],
});
