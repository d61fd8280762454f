import { expect, test } from "vitest";
import { nodeContext } from "#test/node-context.ts";
import { leaveFlows } from "./definition.ts";
import { executeLeaveFlows } from "./executor.ts";

const flowId = "0198a3f0-0000-7000-8000-00000000000a";
const parse = (flows: unknown) => leaveFlows.config.safeParse({ flows });
const run = (flows: unknown) => executeLeaveFlows(nodeContext({ config: leaveFlows.config.parse({ flows }) }));

test("refuses no flow, more than fifty, and what is no id", () => {
  for (const bad of [{ type: "these" }, { type: "these", flowIds: [] }, { type: "these", flowIds: ["x"] }, { type: "some" }, "all"]) {
    expect(parse(bad).success, JSON.stringify(bad)).toBe(false);
  }
  expect(parse({ type: "these", flowIds: Array(51).fill(flowId) }).success).toBe(false);
});

test("says which flows the contact is to leave", () => {
  expect(run(undefined)).toEqual({ type: "leave", flowIds: null });
  expect(run({ type: "these", flowIds: [flowId, flowId.toUpperCase()] })).toEqual({ type: "leave", flowIds: [flowId] });
});
