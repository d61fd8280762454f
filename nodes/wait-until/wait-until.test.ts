import { expect, test } from "vitest";
import { nodeContext } from "#test/node-context.ts";
import { waitUntil } from "./definition.ts";
import { executeWaitUntil } from "./executor.ts";

const isCustomer = [{ field: "lead_status", operator: "is", value: "Customer" }];
const now = "2026-11-22T12:00:00.000Z";
const run = (config: Record<string, unknown>, status: string, waiting?: { since: Date; until: Date }) =>
  executeWaitUntil({
    ...nodeContext({
      config: waitUntil.config.parse({ tests: isCustomer, limitSeconds: 3600, ...config }),
      contact: { lead_status: status },
      now,
    }),
    waiting,
  });

test("refuses no tests, unknown fields, no limit, and limits too short or too long", () => {
  for (const config of [
    { limitSeconds: 3600 },
    { tests: [], limitSeconds: 3600 },
    { tests: isCustomer },
    { tests: isCustomer, limitSeconds: 59 },
    { tests: isCustomer, limitSeconds: 367 * 86_400 },
    { tests: isCustomer, limitSeconds: 3600, lookAgainSeconds: 1 },
    { tests: [{ field: "shoe", operator: "is", value: 1 }], limitSeconds: 3600 },
    { tests: [{ field: "variables.__proto__.x", operator: "is", value: 1 }], limitSeconds: 3600 },
  ]) {
    expect(waitUntil.config.safeParse(config).success, JSON.stringify(config)).toBe(false);
  }
});

test("goes on at once where it is so already", () => {
  expect(run({}, "Customer")).toMatchObject({
    type: "next",
    exit: "met",
    output: { waitedSeconds: 0, compared: [{ field: "lead_status", held: true }] },
  });
});

test("watches until the limit, and looks again in between if told so", () => {
  expect(run({}, "New")).toMatchObject({ type: "wait", until: new Date("2026-11-22T13:00:00Z"), watch: { lookAgainAt: undefined } });
  expect(run({ lookAgainSeconds: 60 }, "New")).toMatchObject({ watch: { lookAgainAt: new Date("2026-11-22T12:01:00Z") } });
});

test("keeps to the limit of the beginning when it is asked again, and says how long it waited", () => {
  const waiting = { since: new Date("2026-11-22T11:30:00Z"), until: new Date("2026-11-22T12:30:00Z") };
  expect(run({}, "New", waiting)).toMatchObject({ type: "wait", until: waiting.until });
  expect(run({}, "Customer", waiting)).toMatchObject({ exit: "met", output: { waitedSeconds: 1800 } });
  expect(run({}, "New", { ...waiting, until: new Date(now) })).toMatchObject({ exit: "time_over", output: { waitedSeconds: 1800 } });
});
