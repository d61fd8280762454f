import { z } from "zod";
import { defineNode } from "#contract/node-definition.ts";
import { endedOthersResult, rehearsedResult } from "#contract/node-result.ts";
import { rehearsedFact, textFact } from "../results/facts.ts";

export const leaveFlows = defineNode({
  type: "leave_flows",
  label: "Leave flows",
  description: "Takes the contact out of other flows it is in.",
  category: "logic",
  // It begins or ends executions of other flows than the one that is started.
  needs: () => ["flows:send"],
  config: z.strictObject({
    flows: z
      .discriminatedUnion("type", [
        /** Everything else that the contact is in, including another execution of this flow. */
        z.strictObject({ type: z.literal("all_others") }),
        z.strictObject({ type: z.literal("these"), flowIds: z.array(z.uuid()).min(1, "No flow is chosen yet").max(50) }),
      ])
      .default({ type: "all_others" }),
  }),
  defaults: { flows: { type: "all_others" } },
  output: z.strictObject({ ...endedOthersResult, ...rehearsedResult }).partial(),
  personal: [],
  describeResult: ({ ended, rehearsed }) => [
    ...textFact("Ended", ended === undefined ? undefined : `${ended.toLocaleString("en")} other enrollment${ended === 1 ? "" : "s"}`),
    ...rehearsedFact(rehearsed),
  ],
  exits: () => [{ handle: "next", label: "Done" }],
  names: { flows: ["flows.flowIds.*"] },
});
