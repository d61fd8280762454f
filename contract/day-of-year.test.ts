import { describe, expect, test } from "vitest";
import { z } from "zod";
import { matchesTest } from "./compare-values.ts";
import { dayOfYearWords, isDayOfYear, readDayOfYear } from "./day-of-year.ts";
import { fieldTestSchema } from "./field-tests.ts";

const schema = fieldTestSchema(z.string());
const takes = (value: unknown) => schema.safeParse({ field: "custom.birthday", operator: "day_of_year_is", value }).success;

test.each(["", "31-05", "13-01", "02-30", "00-10", "05-00", "5-31", "2026-05-31", "tomorrow", 531, ["05-31"]])(
  "%j is no day of the year",
  (value) => {
    expect(takes(value)).toBe(false);
  },
);

test("every day of a leap year is one, and so is today", () => {
  expect(["01-01", "02-29", "12-31", "today"].every(takes)).toBe(true);
  const days = Array.from({ length: 366 }, (_, at) => new Date(Date.UTC(2028, 0, 1 + at)).toISOString().slice(5, 10));
  expect(days.filter((day) => !isDayOfYear(day))).toEqual([]);
});

describe("what is stored means a day of the year", () => {
  test.each([
    ["1990-05-31", "05-31"],
    [" --05-31 ", "05-31"],
    ["05-31", "05-31"],
    // The midnight of a birthday is that day wherever it was written.
    ["1990-05-31T00:00:00+02:00", "05-31"],
    ["1990-05-31 00:00:00", "05-31"],
    // A moment is looked up on the calendar of the zone.
    ["2026-05-31T23:30:00Z", "06-01"],
    // A time without a zone is what the clocks of the zone show.
    ["2026-05-31T23:30:00", "05-31"],
    [new Date("2026-05-31T23:30:00Z"), "06-01"],
    ["2027-02-29", undefined],
    ["31 May", undefined],
    ["", undefined],
    [19900531, undefined],
    [new Date("never"), undefined],
  ])("%j: %s", (value, day) => {
    expect(readDayOfYear(value, "Europe/Vienna")).toBe(day);
  });
});

const holds = (found: unknown, value: string, now = "2026-05-31T12:00:00Z", zone = "UTC") =>
  matchesTest({ operator: "day_of_year_is", value }, { kind: "data", value: found }, new Date(now), undefined, zone);

describe("a birthday", () => {
  test("of any year is on its day, and on no other", () => {
    expect([holds("1990-05-31", "05-31"), holds("--05-31", "05-31"), holds("1990-05-30", "05-31"), holds(null, "05-31")]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test("is today by the calendar of the contact", () => {
    const now = "2026-05-31T23:00:00Z";
    expect(holds("1990-05-31", "today", now, "UTC")).toBe(true);
    expect(holds("1990-05-31", "today", now, "Asia/Tokyo")).toBe(false);
    expect(holds("1990-06-01", "today", now, "Asia/Tokyo")).toBe(true);
  });

  test("on 29 February comes on the 28th where there is no 29th", () => {
    expect(holds("1988-02-29", "today", "2027-02-28T12:00:00Z")).toBe(true);
    expect(holds("1988-02-29", "today", "2028-02-28T12:00:00Z")).toBe(false);
    expect(holds("1988-02-29", "today", "2028-02-29T12:00:00Z")).toBe(true);
    expect(holds("1988-02-29", "02-28")).toBe(false);
  });

  test("of several dates is one of them", () => {
    expect(holds(["1990-01-01", "1990-05-31"], "05-31")).toBe(true);
  });
});

test("a day is told in words", () => {
  expect(["05-31", "12-01", "today", ""].map(dayOfYearWords)).toEqual(["31 May", "1 December", "today", ""]);
});
