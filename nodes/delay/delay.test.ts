import { DateTime } from "luxon";
import { expect, test } from "vitest";
import { nodeContext } from "#test/node-context.ts";
import { DelayConfig, delay } from "./definition.ts";
import { executeDelay } from "./executor.ts";

function until(config: unknown, more: { now: string; zone?: string | null; workspaceZone?: string }): string {
  const outcome = executeDelay(
    nodeContext({
      config: DelayConfig.parse(config),
      now: more.now,
      contact: { time_zone: more.zone ?? null },
      workspaceZone: more.workspaceZone,
    }),
  );
  if (outcome.type !== "wait") throw new Error(`It did not wait but said ${outcome.type}`);
  return outcome.until.toISOString();
}

const at = (time: string, more: Record<string, unknown> = {}) => ({ mode: "until_time", time, ...more });

test("refuses an amount below one, a fraction, an unknown unit and more than 366 days", () => {
  for (const config of [
    { mode: "duration", amount: 0, unit: "days" },
    { mode: "duration", amount: 1.5, unit: "days" },
    { mode: "duration", amount: 1, unit: "months" },
    { mode: "duration", amount: 53, unit: "weeks" },
    { mode: "forever" },
    at("24:00"),
    at("9:00"),
    at("09:00", { weekdays: [0] }),
    at("09:00", { zone: "Europe/Berlin" }),
  ]) {
    expect(DelayConfig.safeParse(config).success, JSON.stringify(config)).toBe(false);
  }
});

test("waits for a duration in every unit", () => {
  const now = "2026-11-22T12:00:00.000Z";
  expect(until({ mode: "duration", amount: 90, unit: "seconds" }, { now })).toBe("2026-11-22T12:01:30.000Z");
  expect(until({ mode: "duration", amount: 5, unit: "minutes" }, { now })).toBe("2026-11-22T12:05:00.000Z");
  expect(until({ mode: "duration", amount: 2, unit: "hours" }, { now })).toBe("2026-11-22T14:00:00.000Z");
  expect(until({ mode: "duration", amount: 3, unit: "days" }, { now })).toBe("2026-11-25T12:00:00.000Z");
  expect(until({ mode: "duration", amount: 2, unit: "weeks" }, { now })).toBe("2026-12-06T12:00:00.000Z");
});

test("goes on when it has waited", () => {
  const config = DelayConfig.parse({ mode: "duration", amount: 1, unit: "days" });
  expect(executeDelay(nodeContext({ config, waited: true }))).toMatchObject({ type: "next" });
});

test("waits until the hour in the contact's zone: today if it is still to come, tomorrow if not", () => {
  expect(until(at("09:00"), { now: "2026-11-22T12:00:00Z", zone: "America/New_York" })).toBe("2026-11-22T14:00:00.000Z");
  expect(until(at("09:00"), { now: "2026-11-22T14:00:00Z", zone: "America/New_York" })).toBe("2026-11-23T14:00:00.000Z");
  expect(until(at("09:00"), { now: "2026-11-22T12:00:00Z", zone: "Asia/Kathmandu" })).toBe("2026-11-23T03:15:00.000Z");
});

test("takes the workspace's zone for a contact whose zone is unknown, and when told to", () => {
  const more = { now: "2026-11-22T00:00:00Z", workspaceZone: "Europe/Berlin" };
  expect(until(at("09:00"), more)).toBe("2026-11-22T08:00:00.000Z");
  expect(until(at("09:00"), { ...more, zone: "Mars/Olympus" })).toBe("2026-11-22T08:00:00.000Z");
  expect(until(at("09:00", { zone: "workspace" }), { ...more, zone: "Asia/Tokyo" })).toBe("2026-11-22T08:00:00.000Z");
});

test("waits for the next of the chosen weekdays, a week later if today's hour is over", () => {
  // 2026-11-22 is a Sunday.
  expect(until(at("09:00", { weekdays: [1] }), { now: "2026-11-22T12:00:00Z" })).toBe("2026-11-23T09:00:00.000Z");
  expect(until(at("09:00", { weekdays: [7] }), { now: "2026-11-22T12:00:00Z" })).toBe("2026-11-29T09:00:00.000Z");
  expect(until(at("13:00", { weekdays: [7] }), { now: "2026-11-22T12:00:00Z" })).toBe("2026-11-22T13:00:00.000Z");
});

test("moves an hour that does not exist to the new clock", () => {
  // In Berlin the clocks go from 02:00 to 03:00 on 2027-03-28.
  expect(until(at("02:30"), { now: "2027-03-27T12:00:00Z", zone: "Europe/Berlin" })).toBe("2027-03-28T01:30:00.000Z");
});

test("takes an hour that comes twice once, the first time", () => {
  // In Berlin the clocks go from 03:00 back to 02:00 on 2026-10-25; 02:30 is at 00:30 and 01:30 UTC.
  expect(until(at("02:30"), { now: "2026-10-24T12:00:00Z", zone: "Europe/Berlin" })).toBe("2026-10-25T00:30:00.000Z");
  expect(until(at("02:30"), { now: "2026-10-25T00:30:00Z", zone: "Europe/Berlin" })).toBe("2026-10-26T01:30:00.000Z");
});

test("shows the right minute on the wall in twelve zones in the weeks around both changes of the clocks", () => {
  const zones = [
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Australia/Adelaide",
    "Pacific/Auckland",
    "Pacific/Chatham",
  ];
  for (const zone of zones) {
    for (const day of [...days("2026-03-27", 12), ...days("2026-09-24", 14), ...days("2026-10-22", 14)]) {
      const now = DateTime.fromISO(`${day}T05:17:00Z`);
      const wake = DateTime.fromISO(until(at("09:00"), { now: now.toISO() as string, zone }), { zone });
      expect(wake.toFormat("HH:mm"), `${zone} ${now.toISO()}`).toBe("09:00");
      const hours = wake.diff(now, "hours").hours;
      expect(hours).toBeGreaterThan(0);
      expect(hours).toBeLessThanOrEqual(25);
    }
  }
});

function days(first: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => DateTime.fromISO(first).plus({ days: i }).toISODate() as string);
}

test("counts as a rest of as long as it lasts", () => {
  expect(delay.leastWaitSeconds?.({ mode: "duration", amount: 2, unit: "minutes" })).toBe(120);
  expect(delay.leastWaitSeconds?.({ mode: "until_time", time: "09:00", zone: "contact" })).toBeGreaterThanOrEqual(60);
});
