import { expect, test } from "vitest";
import { nodeContext } from "#test/node-context.ts";
import { goal } from "./definition.ts";
import { executeGoal } from "./executor.ts";

const tests = [{ field: "lead_status", operator: "is", value: "Customer" }];
const run = (config: Record<string, unknown>, status: string, more: { drawnFrom?: string } = {}) =>
  executeGoal({ ...nodeContext({ config: goal.config.parse({ tests, ...config }), contact: { lead_status: status } }), ...more });

test("refuses a goal without a test, and another way for the others", () => {
  for (const config of [{}, { tests: [] }, { tests, otherwise: "jump" }, { tests, otherwise: "wait", limitSeconds: 5 }]) {
    expect(goal.config.safeParse(config).success, JSON.stringify(config)).toBe(false);
  }
});

test("is reached by whom its condition fits, and says from where he was drawn", () => {
  expect(run({}, "Customer")).toMatchObject({ type: "next", exit: "reached", output: { from: null } });
  expect(run({}, "Customer", { drawnFrom: "delay" })).toMatchObject({ exit: "reached", output: { from: "delay" } });
});

test("lets the others go on, wait, or leave the flow", () => {
  expect(run({}, "New")).toMatchObject({ type: "next", exit: "not_reached" });
  expect(run({ otherwise: "wait", limitSeconds: 60 }, "New")).toMatchObject({ type: "wait", until: new Date("2026-11-22T12:01:00Z") });
  expect(run({ otherwise: "end" }, "New")).toMatchObject({ type: "end", output: { result: "not_reached" } });
  expect(goal.exits(goal.config.parse({ tests, otherwise: "end" })).map(({ handle }) => handle)).toEqual(["reached"]);
});
