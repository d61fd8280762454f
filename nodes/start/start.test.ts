import { describe, expect, test } from "vitest";
import { type ContextValues, nodeContext } from "#test/node-context.ts";
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

describe("what the flow asks for", () => {
  const inputs = [
    { name: "amount", label: "Amount", type: "number", required: true },
    { name: "city", label: "City", type: "text", default: "Berlin" },
    { name: "nick", label: "Nickname", type: "contact_field", default: "firstname" },
    { name: "day", label: "Day", type: "date" },
  ];
  const config = start.config.parse({ inputs });
  const take = (values: Omit<ContextValues<unknown>, "config">) => executeStart(nodeContext({ config, ...values }));

  test("fails for a contact without what is needed, and says what", () => {
    expect(() => take({})).toThrow("The flow needs “Amount”");
    expect(() => take({ given: { amount: { field: "custom.price" } }, contact: { metadata: { price: "a lot" } } })).toThrow("“Amount”");
  });

  test("is taken from the send, from what was handed over, and from what stands in", () => {
    expect(take({ given: { amount: 5 } })).toMatchObject({
      variables: { input: { amount: 5, city: "Berlin", nick: "Ada" } },
      output: { without: ["day"] },
    });
    expect(take({ trigger: { amount: "7", city: "Bonn" } })).toMatchObject({ variables: { input: { amount: 7, city: "Bonn" } } });
  });

  test("is read from a field of the contact, and the fallback is told", () => {
    const given = { amount: { field: "custom.price", fallback: 1 }, day: { field: "created_at" } };
    const contact = { metadata: { price: "1,200" } };
    expect(take({ given, contact })).toMatchObject({ variables: { input: { amount: 1200, day: "2026-01-02" } } });
    expect(take({ given, contact: { metadata: { price: "a lot" } } })).toMatchObject({
      variables: { input: { amount: 1 } },
      output: { standIns: ["amount"] },
    });
  });

  test("of this contact goes before that of the send, and stays what it was", () => {
    expect(take({ given: { amount: 5 }, variables: { input: { amount: 9 } } })).toMatchObject({ variables: { input: { amount: 9 } } });
  });

  test("is told in the history", () => {
    expect(
      start.describeResult({ variables: { input: { due_date: "2026-12-31", vip: true } }, standIns: ["due_date"] }, { isWaiting: false }),
    ).toEqual([
      { kind: "text", label: "Due date", value: "2026-12-31" },
      { kind: "text", label: "Vip", value: "Yes" },
      { kind: "text", label: "Not in the contact, so what stands in was taken", value: "Due date" },
    ]);
  });
});
