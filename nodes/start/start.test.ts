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

test("a stay is limited to whole days of up to a year, or not at all", () => {
  for (const longestStayDays of [0, -1, 1.5, 367, "7"])
    expect(start.config.safeParse({ longestStayDays }).success, String(longestStayDays)).toBe(false);
  expect(start.longestStayDays?.(start.config.parse({}))).toBeUndefined();
  expect(start.longestStayDays?.(start.config.parse({ longestStayDays: 30 }))).toBe(30);
});

test("hours of the flow's own are two times of a day, the earlier one first", () => {
  for (const sendingHours of [
    { from: "18:00", to: "09:00" },
    { from: "09:00", to: "09:00" },
    { from: "9", to: "18:00" },
    { from: "09:00" },
  ]) {
    expect(start.config.safeParse({ sendingHours }).success, JSON.stringify(sendingHours)).toBe(false);
  }
  expect(start.sendingHours?.(start.config.parse({ sendingHours: { from: "10:00", to: "12:00" } }))).toEqual({
    from: "10:00",
    to: "12:00",
  });
});

test("what only a running flow knows decides neither who enters nor what ends it", () => {
  for (const field of ["variables.n", "trigger.x", "steps.a.b"]) {
    const rule = { tests: [{ field, operator: "is_not_empty" }] };
    expect(start.config.safeParse({ enterIf: rule }).success, field).toBe(false);
    expect(start.config.safeParse({ leaveIf: rule }).success, field).toBe(false);
  }
  expect(start.config.safeParse({ leaveIf: { tests: [{ field: "custom.plan", operator: "is", value: "gold" }] } }).success).toBe(true);
});
