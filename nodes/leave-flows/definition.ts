import { z } from "zod";
import { defineNode } from "#contract/node-definition.ts";

export const leaveFlows = defineNode({
  type: "leave_flows",
  label: "Leave flows",
  description: "Takes the contact out of other flows it is in.",
  category: "logic",
  config: z.strictObject({
    flows: z
      .discriminatedUnion("type", [
        /** Whatever else the contact is in, another execution of this flow included. */
        z.strictObject({ type: z.literal("all_others") }),
        z.strictObject({ type: z.literal("these"), flowIds: z.array(z.uuid()).min(1).max(50) }),
      ])
      .default({ type: "all_others" }),
  }),
  defaults: { flows: { type: "all_others" } },
  exits: () => [{ handle: "next", label: "Done" }],
  flowIds: ({ flows }) => (flows.type === "these" ? flows.flowIds : []),
});
