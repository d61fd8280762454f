import { describe, expect, test } from "vitest";
import type { ContextValues } from "#test/node-context.ts";
import { nodeContext } from "#test/node-context.ts";
import { clockChanges, twelveZones, wallClock } from "#test/zones.ts";
import { timeWindow } from "./definition.ts";
import { executeTimeWindow } from "./executor.ts";

const week = [1, 2, 3, 4, 5, 6, 7];

/** "inside", "dropped", or the moment at which it opens. 2026-11-22 is a Sunday. */
function ask(config: Record<string, unknown>, more: Omit<ContextValues<unknown>, "config"> & { zone?: string | null } = {}): string {
  const { zone, ...values } = more;
  const outcome = executeTimeWindow(
    nodeContext({
      ...values,
      config: timeWindow.config.parse({ days: [1, 2, 3, 4, 5], from: "09:00", to: "17:00", ...config }),
      contact: { time_zone: zone ?? null },
    }),
  );
  if (outcome.type === "wait") return outcome.until.toISOString();
  if (outcome.type !== "next" || outcome.exit === undefined) throw new Error(`It said ${outcome.type}`);
  return outcome.exit;
}

test("refuses no day, hours that are none, a window that ends as it begins, and what is not a date", () => {
  for (const bad of [
    { days: [] },
    { days: [0] },
    { days: [8] },
    { from: "9:00" },
    { from: "24:00" },
    { to: "24:30" },
    { to: "09:00" },
    { holidays: ["2026-13-01"] },
    { holidays: ["24.12.2026"] },
    { holidays: Array(101).fill("2026-12-24") },
    { zone: "Europe/Berlin" },
    { outside: "hope" },
  ]) {
    const config = { days: [1], from: "09:00", to: "17:00", ...bad };
    expect(timeWindow.config.safeParse(config).success, JSON.stringify(bad)).toBe(false);
  }
});

test("lets through from its first minute on, and not at its last", () => {
  expect(ask({}, { now: "2026-11-23T09:00:00Z" })).toBe("inside");
  expect(ask({}, { now: "2026-11-23T16:59:59.999Z" })).toBe("inside");
  expect(ask({}, { now: "2026-11-23T17:00:00Z" })).toBe("2026-11-24T09:00:00.000Z");
  expect(ask({}, { now: "2026-11-23T08:59:59.999Z" })).toBe("2026-11-23T09:00:00.000Z");
});

test("waits for the next day on which it opens, holidays left out", () => {
  expect(ask({}, { now: "2026-11-22T12:00:00Z" })).toBe("2026-11-23T09:00:00.000Z");
  expect(ask({ holidays: ["2026-11-23", "2026-11-24"] }, { now: "2026-11-22T12:00:00Z" })).toBe("2026-11-25T09:00:00.000Z");
  expect(ask({ days: [7] }, { now: "2026-11-22T18:00:00Z" })).toBe("2026-11-29T09:00:00.000Z");
  const sundays = Array.from({ length: 100 }, (_, i) => new Date(Date.UTC(2026, 10, 22 + 7 * i)).toISOString().slice(0, 10));
  expect(ask({ days: [7], holidays: sundays }, { now: "2026-11-22T10:00:00Z" })).toBe("2028-10-22T09:00:00.000Z");
});

test("drops by an exit of its own where it is told to, and has that exit only then", () => {
  expect(ask({ outside: "drop" }, { now: "2026-11-22T12:00:00Z" })).toBe("dropped");
  expect(ask({ outside: "drop" }, { now: "2026-11-23T12:00:00Z" })).toBe("inside");
  const handles = (outside: string) =>
    timeWindow.exits(timeWindow.config.parse({ ...timeWindow.defaults, outside })).map(({ handle }) => handle);
  expect(handles("wait")).toEqual(["inside"]);
  expect(handles("drop")).toEqual(["inside", "dropped"]);
});

test("over midnight, the night belongs to the day on which it began", () => {
  const night = { days: [5], from: "22:00", to: "06:00" };
  // 2026-11-20 is a Friday.
  expect(ask(night, { now: "2026-11-20T23:00:00Z" })).toBe("inside");
  expect(ask(night, { now: "2026-11-21T05:59:00Z" })).toBe("inside");
  expect(ask(night, { now: "2026-11-21T06:00:00Z" })).toBe("2026-11-27T22:00:00.000Z");
  expect(ask(night, { now: "2026-11-20T05:00:00Z" })).toBe("2026-11-20T22:00:00.000Z");
  expect(ask({ ...night, holidays: ["2026-11-20"] }, { now: "2026-11-21T05:00:00Z" })).toBe("2026-11-27T22:00:00.000Z");
});

test("a window of the whole day is closed on the other days only", () => {
  const monday = { days: [1], from: "00:00", to: "24:00" };
  expect(ask(monday, { now: "2026-11-23T00:00:00Z" })).toBe("inside");
  expect(ask(monday, { now: "2026-11-23T23:59:59Z" })).toBe("inside");
  expect(ask(monday, { now: "2026-11-24T00:00:00Z" })).toBe("2026-11-30T00:00:00.000Z");
});

test("goes by the contact's clocks, by the workspace's where the contact's are unknown, or as told", () => {
  const more = { now: "2026-11-23T12:00:00Z", workspaceZone: "Europe/Berlin" };
  expect(ask({}, { ...more, zone: "Asia/Tokyo" })).toBe("2026-11-24T00:00:00.000Z");
  expect(ask({}, more)).toBe("inside");
  expect(ask({}, { ...more, zone: "Mars/Olympus" })).toBe("inside");
  expect(ask({ zone: "workspace" }, { ...more, zone: "Asia/Tokyo" })).toBe("inside");
});

test("who wakes too late waits again", () => {
  expect(ask({}, { now: "2026-11-23T09:00:00Z", waited: true })).toBe("inside");
  expect(ask({}, { now: "2026-11-23T20:00:00Z", waited: true })).toBe("2026-11-24T09:00:00.000Z");
});

test("a time that does not exist becomes the next that does, and an hour that comes twice opens once", () => {
  // In Berlin 02:00 to 03:00 does not exist on 2026-03-29 and comes twice on 2026-10-25.
  const window = { days: week, from: "02:30", to: "03:30" };
  const zone = "Europe/Berlin";
  expect(ask({ ...window, to: "05:00" }, { now: "2026-03-29T00:00:00Z", zone })).toBe("2026-03-29T01:30:00.000Z");
  expect(ask(window, { now: "2026-10-24T23:00:00Z", zone })).toBe("2026-10-25T00:30:00.000Z");
  expect(ask({ ...window, to: "02:45" }, { now: "2026-10-25T01:35:00Z", zone })).toBe("2026-10-26T01:30:00.000Z");
});

describe.each(twelveZones)("%s", (zone) => {
  test("opens at the right minute on the wall around every change of the clocks, and is open just where the wall says so", () => {
    const config = { days: [1, 2, 3, 4, 5, 6], from: "08:15", to: "20:45" };
    for (const change of clockChanges) {
      for (let hours = -60; hours <= 60; hours += 1.75) {
        const now = new Date(Date.parse(`${change}T12:07:00Z`) + hours * 3_600_000);
        const wall = wallClock(now, zone);
        const isOpen = wall.weekday !== 7 && wall.time >= config.from && wall.time < config.to;
        const answer = ask(config, { now: now.toISOString(), zone });
        if (isOpen) expect(answer, `${zone} ${now.toISOString()}`).toBe("inside");
        else {
          const opens = wallClock(new Date(answer), zone);
          expect(opens.time, `${zone} ${now.toISOString()}`).toBe(config.from);
          expect(opens.weekday).not.toBe(7);
          const waited = (Date.parse(answer) - now.getTime()) / 3_600_000;
          expect(waited).toBeGreaterThan(0);
          expect(waited).toBeLessThanOrEqual(37);
        }
      }
    }
  });
});
