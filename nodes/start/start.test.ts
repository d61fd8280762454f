import { expect, test } from "vitest";
import { nodeContext } from "#test/node-context.ts";
import { start } from "./definition.ts";
import { executeStart } from "./executor.ts";

test("refuses an unknown rule and a number of days that is none", () => {
  for (const reEntry of [{ rule: "sometimes" }, { rule: "after_days" }, { rule: "after_days", days: 0 }, { rule: "once", days: 1 }]) {
    expect(start.config.safeParse({ reEntry }).success, JSON.stringify(reEntry)).toBe(false);
  }
});

test("lets everybody in at any time unless told otherwise, and goes on", () => {
  const config = start.config.parse({});
  expect(start.reEntry?.(config)).toEqual({ rule: "any_time" });
  expect(executeStart(nodeContext({ config }))).toMatchObject({ type: "next" });
});

test("what only a running flow knows decides neither who enters nor what ends it", () => {
  for (const field of ["variables.n", "trigger.x", "steps.a.b"]) {
    const rule = { tests: [{ field, operator: "is_not_empty" }] };
    expect(start.config.safeParse({ enterIf: rule }).success, field).toBe(false);
    expect(start.config.safeParse({ leaveIf: rule }).success, field).toBe(false);
  }
  expect(start.config.safeParse({ leaveIf: { tests: [{ field: "custom.plan", operator: "is", value: "gold" }] } }).success).toBe(true);
});
