import { expect, test } from "vitest";
import type { StepMoment, StepMoments } from "#contract/step-moments.ts";
import { clockWords, momentLine, utcWords } from "./moment-line.ts";
import "#test/date-style.ts";

const moment = (comes: string, goesOn: string, more: Partial<StepMoment> = {}): StepMoment => ({
  ...{ comes, goesOn, exit: "next", closes: null, offsetMinutes: 60, problem: null },
  ...more,
});
const found = (...moments: StepMoment[]): StepMoments => ({
  ...{ contactId: null, contactName: "Ann", newer: null, older: null, zone: "Europe/Berlin", zoneOf: "contact", offsetMinutes: 60 },
  moments,
});
const lines = (given: StepMoments) => given.moments.map((_, index) => momentLine(given, index, (exit) => exit.toUpperCase()));

test("a moment has its weekday and its hour on that clock, and is told where the clocks change before it", () => {
  const now = "2026-03-27T12:00:00Z";
  expect(
    lines(
      found(
        moment(now, "2026-03-28T08:00:00Z"),
        moment("2026-03-28T08:00:00Z", "2026-03-30T07:00:00Z", { offsetMinutes: 120 }),
        moment("2026-03-30T07:00:00Z", "2027-01-04T08:00:00Z"),
      ),
    ),
  ).toEqual([
    { when: "Sat, 28 Mar 2026, 9:00", detail: "who comes now" },
    { when: "Mon, 30 Mar 2026, 9:00", change: "The clocks go forward before this: it is UTC+2 then." },
    { when: "Mon, 4 Jan 2027, 9:00", change: "The clocks go back before this: it is UTC+1 then." },
  ]);
});

test("of contacts that come at any time, each line says when", () => {
  const given = found(moment("2026-11-27T12:00:00Z", "2026-11-29T12:00:00Z"), moment("2026-11-28T12:00:00Z", "2026-11-30T12:00:00Z"));
  expect(lines(given)).toEqual([
    { when: "Sun, 29 Nov 2026, 13:00", detail: "who comes now" },
    { when: "Mon, 30 Nov 2026, 13:00", detail: "who comes Sat, 28 Nov 2026, 13:00" },
  ]);
});

test("who does not wait is told by which way they leave", () => {
  const now = "2026-03-27T12:00:00Z";
  expect(lines(found(moment(now, now, { exit: "past" })))).toEqual([
    { when: "Leaves at once by “PAST”", detail: "if the contact comes now" },
  ]);
  expect(lines(found(moment(now, now, { exit: "date_unreadable", problem: "No date" })))).toEqual([
    { when: "Leaves at once by “DATE_UNREADABLE”", detail: "No date" },
  ]);
});

test("a window says until when it is open", () => {
  const now = "2026-03-27T12:00:00Z";
  const inside = { exit: "inside" };
  expect(
    lines(
      found(
        moment(now, now, { ...inside, closes: "2026-03-27T16:00:00Z" }),
        moment("2026-03-27T16:00:00Z", "2026-03-28T08:00:00Z", inside),
      ),
    ),
  ).toEqual([
    { when: "Open now", detail: "until Fri, 27 Mar 2026, 17:00" },
    { when: "Sat, 28 Mar 2026, 9:00", detail: "and never closes" },
  ]);
});

test("a clock is told with whose it is and how far it is from UTC", () => {
  expect(clockWords(found())).toBe("By the clock of Ann (Berlin, UTC+1 now).");
  expect(clockWords({ ...found(), zoneOf: "workspace" })).toBe("By the clock of the workspace (Berlin, UTC+1 now).");
  expect([0, 345, -210].map(utcWords)).toEqual(["UTC", "UTC+5:45", "UTC−3:30"]);
});
