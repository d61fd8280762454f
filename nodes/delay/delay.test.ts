import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import { nodeContext } from "#test/node-context.ts";
import { twelveZones } from "#test/zones.ts";
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

const onDate = (more: Record<string, unknown> = {}) => ({ mode: "until_date", field: "metadata.due", ...more });

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
    at("09:00", { spreadSeconds: 0 }),
    onDate({ field: "shoe_size" }),
    onDate({ field: "metadata.__proto__.x" }),
    onDate({ offset: { amount: 367, unit: "days" } }),
    onDate({ offset: { amount: -53, unit: "weeks" } }),
    onDate({ past: "hope" }),
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
  for (const zone of twelveZones) {
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

test("waits for so many business days at the same time of day, over a weekend and a change of the clocks", () => {
  // 2026-11-20 is a Friday; in Berlin clocks go back on Sunday, 2026-10-25.
  expect(until({ mode: "duration", amount: 1, unit: "business_days" }, { now: "2026-11-20T12:00:00Z" })).toBe("2026-11-23T12:00:00.000Z");
  expect(until({ mode: "duration", amount: 6, unit: "business_days" }, { now: "2026-11-20T12:00:00Z" })).toBe("2026-11-30T12:00:00.000Z");
  expect(until({ mode: "duration", amount: 1, unit: "business_days" }, { now: "2026-10-23T12:00:00Z", zone: "Europe/Berlin" })).toBe(
    "2026-10-26T13:00:00.000Z",
  );
});

test("spreads by chance, the same for the same visit, and never earlier than planned or later than allowed", () => {
  const seconds = (draw: string) => {
    const config = DelayConfig.parse({ mode: "duration", amount: 1, unit: "hours", spreadSeconds: 600 });
    const outcome = executeDelay(nodeContext({ config, now: "2026-11-22T12:00:00Z", place: { draw } }));
    if (outcome.type !== "wait") throw new Error(`It said ${outcome.type}`);
    return (outcome.until.getTime() - Date.parse("2026-11-22T13:00:00Z")) / 1000;
  };
  const all = Array.from({ length: 500 }, (_, i) => seconds(`execution ${i}`));
  expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
  expect(Math.min(...all)).toBeLessThan(30);
  expect(Math.max(...all)).toBeLessThanOrEqual(600);
  expect(Math.max(...all)).toBeGreaterThan(570);
  expect(seconds("execution 7")).toBe(all[7]);
});

function ask(config: unknown, due: unknown, more: { now?: string; zone?: string } = {}): string {
  const outcome = executeDelay(
    nodeContext({
      config: DelayConfig.parse(config),
      now: more.now ?? "2026-11-22T12:00:00Z",
      contact: { time_zone: more.zone ?? null, metadata: { due } },
    }),
  );
  if (outcome.type === "wait") return outcome.until.toISOString();
  if (outcome.type !== "next" || outcome.exit === undefined) throw new Error(`It said ${outcome.type}`);
  return outcome.exit;
}

test("waits until a date of the contact, before or after it, at its own time or at an hour", () => {
  expect(ask(onDate(), "2026-12-24T18:00:00Z")).toBe("2026-12-24T18:00:00.000Z");
  expect(ask(onDate(), "2026-12-24T18:00:00+02:00")).toBe("2026-12-24T16:00:00.000Z");
  expect(ask(onDate({ offset: { amount: -2, unit: "hours" } }), "2026-12-24 18:00")).toBe("2026-12-24T16:00:00.000Z");
  expect(ask(onDate({ offset: { amount: 3, unit: "days" }, time: "09:00" }), "2026-12-24T18:00:00Z")).toBe("2026-12-27T09:00:00.000Z");
  expect(ask(onDate({ offset: { amount: -3, unit: "business_days" }, time: "09:00" }), "2026-12-28")).toBe("2026-12-23T09:00:00.000Z");
});

test("reads a date without a zone in the contact's zone, across a change of the clocks too", () => {
  expect(ask(onDate(), "2026-12-24", { zone: "Asia/Kathmandu" })).toBe("2026-12-23T18:15:00.000Z");
  expect(ask(onDate(), "2026-12-24T08:00", { zone: "America/New_York" })).toBe("2026-12-24T13:00:00.000Z");
  const dayBefore = onDate({ offset: { amount: -1, unit: "days" }, time: "09:00" });
  expect(ask(dayBefore, "2027-03-29", { zone: "Europe/Berlin" })).toBe("2027-03-28T07:00:00.000Z");
  expect(ask(dayBefore, "2027-03-28", { zone: "Europe/Berlin" })).toBe("2027-03-27T08:00:00.000Z");
});

test("where the date is past, goes on, waits for the next such hour, or takes the exit for it, as told", () => {
  const past = "2026-11-01T18:00:00Z";
  expect(ask(onDate(), past)).toBe("past");
  expect(ask(onDate({ past: "exit" }), "2026-11-22T12:00:00Z")).toBe("past");
  expect(ask(onDate({ past: "go_on" }), past)).toBe("next");
  expect(ask(onDate({ past: "next_possible" }), past)).toBe("2026-11-22T18:00:00.000Z");
  expect(ask(onDate({ past: "next_possible", time: "09:00" }), past)).toBe("2026-11-23T09:00:00.000Z");
});

test("a contact without the date never waits for it", () => {
  for (const due of [undefined, null, "", "  "]) {
    expect(ask(onDate(), due), String(due)).toBe("past");
    expect(ask(onDate({ past: "go_on" }), due), String(due)).toBe("next");
    expect(ask(onDate({ past: "next_possible", yearly: true }), due), String(due)).toBe("next");
  }
});

test("a date that cannot be read is not past: it leaves by an exit of its own, with a reason, whatever is chosen for past dates", () => {
  const written = [
    "06/01/2027",
    "2027-6-1",
    "June 1, 2027",
    "1 June 2027",
    "24.12.2026",
    "soon",
    "2026-13-45",
    "2026-02-30",
    "2027",
    "2027-06",
  ];
  const values = [...written, "1811808000", "tomorrow", "2027/06/01", "20270601", "2027-06-01T25:00", "2027-06-01 at 9", "0000-00-00"];
  for (const due of [...values, 1_811_808_000, 20_261_224, Number.NaN, true, {}, ["2027-06-01"], new Date(Number.NaN)]) {
    for (const more of [{}, { past: "go_on" }, { past: "next_possible" }, { yearly: true }, { time: "09:00", past: "go_on" }]) {
      const outcome = executeDelay(nodeContext({ config: DelayConfig.parse(onDate(more)), contact: { metadata: { due } } }));
      expect(outcome, String(due)).toMatchObject({ type: "fail", exit: "date_unreadable", reason: "date_unreadable" });
    }
  }
});

test("a whole day is that day in the contact's zone, however a program writes it", () => {
  const day = ["1990-05-01", "1990-05-01T00:00:00.000Z", "1990-05-01T00:00:00Z", "1990-05-01 00:00:00+00", "1990-05-01T00:00Z"];
  const more = { now: "2026-04-01T00:00:00Z" };
  for (const due of [...day, "1990-05-01T00:00:00.000+00:00", "1990-05-01T00:00:00.000+0000"]) {
    for (const [zone, morning, midnight] of [
      ["America/New_York", "2026-05-01T13:00:00.000Z", "2026-05-01T04:00:00.000Z"],
      ["Pacific/Auckland", "2026-04-30T21:00:00.000Z", "2026-04-30T12:00:00.000Z"],
    ] as const) {
      expect(ask(onDate({ yearly: true, time: "09:00" }), due, { ...more, zone }), `${due} ${zone}`).toBe(morning);
      expect(ask(onDate({ yearly: true }), due, { ...more, zone }), `${due} ${zone}`).toBe(midnight);
      expect(ask(onDate({ time: "09:00" }), due.replace("1990", "2026"), { ...more, zone }), `${due} ${zone}`).toBe(morning);
    }
  }
  // A birthday is a day also where it was written as the midnight of another zone; a moment of another hour is a moment.
  expect(ask(onDate({ yearly: true, time: "09:00" }), "1990-05-01T00:00:00+02:00", { ...more, zone: "America/New_York" })).toBe(
    "2026-05-01T13:00:00.000Z",
  );
  expect(ask(onDate(), "2026-05-01T00:30:00Z", { ...more, zone: "America/New_York" })).toBe("2026-05-01T00:30:00.000Z");
});

describe("asked again while it waits", () => {
  const since = new Date("2026-11-22T12:00:00Z");
  const again = (due: unknown, at: string, plannedUntil: string, more: Record<string, unknown> = {}) =>
    executeDelay({
      ...nodeContext({ config: DelayConfig.parse(onDate(more)), contact: { metadata: { due } }, now: at, waited: true }),
      waiting: { since, until: new Date(plannedUntil) },
    });

  test("goes on waiting where nothing was moved, and leaves when the time has come", () => {
    expect(again("2026-12-24T18:00:00Z", "2026-12-01T00:00:00Z", "2026-12-24T18:00:00Z")).toMatchObject({
      type: "wait",
      until: new Date("2026-12-24T18:00:00Z"),
      watch: { for: "time" },
    });
    expect(again("2026-12-24T18:00:00Z", "2026-12-24T18:00:00Z", "2026-12-24T18:00:00Z")).toMatchObject({ type: "next", exit: "next" });
    expect(again("1990-12-24", "2026-12-24T09:00:00Z", "2026-12-24T09:00:00Z", { yearly: true, time: "09:00" })).toMatchObject({
      type: "next",
      exit: "next",
    });
    const past = { past: "next_possible", time: "09:00" };
    expect(again("2026-11-01", "2026-11-23T09:00:00Z", "2026-11-23T09:00:00Z", past)).toMatchObject({ type: "next", exit: "next" });
  });

  test("follows a date that was moved, later and earlier, and judges it as if it had just come", () => {
    const planned = "2026-12-24T18:00:00Z";
    expect(again("2026-12-27T18:00:00Z", planned, planned)).toMatchObject({ type: "wait", until: new Date("2026-12-27T18:00:00Z") });
    expect(again("2026-12-05T18:00:00Z", "2026-12-01T00:00:00Z", planned)).toMatchObject({ until: new Date("2026-12-05T18:00:00Z") });
    expect(again("2026-11-25T18:00:00Z", "2026-12-01T00:00:00Z", planned)).toMatchObject({ type: "next", exit: "past" });
    expect(again("2026-11-25T18:00:00Z", "2026-12-01T00:00:00Z", planned, { past: "go_on" })).toMatchObject({ type: "next", exit: "next" });
    expect(again("", "2026-12-01T00:00:00Z", planned)).toMatchObject({ type: "next", exit: "past" });
    expect(again("next week", planned, planned, { past: "go_on" })).toMatchObject({ type: "fail", exit: "date_unreadable" });
    const birthday = { yearly: true, time: "09:00" };
    expect(again("1990-11-25", "2026-12-01T00:00:00Z", "2026-12-24T09:00:00Z", birthday)).toMatchObject({
      until: new Date("2027-11-25T09:00:00Z"),
    });
  });
});

test("a date of every year comes this year or the next, and a leap day on the last day of February", () => {
  const birthday = onDate({ yearly: true, time: "10:00" });
  expect(ask(birthday, "1990-12-24")).toBe("2026-12-24T10:00:00.000Z");
  expect(ask(birthday, "1990-11-22")).toBe("2027-11-22T10:00:00.000Z");
  expect(ask(birthday, "2004-02-29")).toBe("2027-02-28T10:00:00.000Z");
  expect(ask(birthday, "2004-02-29", { now: "2027-12-01T00:00:00Z" })).toBe("2028-02-29T10:00:00.000Z");
  expect(ask(onDate({ yearly: true, time: "10:00", offset: { amount: -30, unit: "days" } }), "1990-01-05")).toBe(
    "2026-12-06T10:00:00.000Z",
  );
  expect(ask(onDate({ yearly: true, time: "10:00", offset: { amount: 365, unit: "days" } }), "1990-11-30")).toBe(
    "2026-11-30T10:00:00.000Z",
  );
});

test("has exits for a past date where it is told to take one and for a date that cannot be read, and counts as no rest there", () => {
  const exits = (config: unknown) => delay.exits(DelayConfig.parse(config)).map(({ handle }) => handle);
  expect(exits(onDate())).toEqual(["next", "past", "date_unreadable"]);
  expect(exits(onDate({ past: "go_on" }))).toEqual(["next", "date_unreadable"]);
  expect(exits(at("09:00"))).toEqual(["next"]);
  expect(delay.leastWaitSeconds?.(DelayConfig.parse(onDate()))).toBe(0);
});
