import { DateTime } from "luxon";
import { expect, test } from "vitest";
import { moment } from "./wall-clock.ts";

const zones = ["UTC", "America/New_York", "America/Los_Angeles", "Europe/Vienna", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe"];

test("the moment at which clocks show a time is that of the library by which delays are reckoned", () => {
  for (const zone of zones) {
    for (let wall = Date.UTC(2025, 11, 28); wall < Date.UTC(2027, 1, 5); wall += 7 * 3_600_000 + 13 * 60_000) {
      const expected = DateTime.fromMillis(wall, { zone: "utc" }).setZone(zone, { keepLocalTime: true }).toMillis();
      expect(moment(wall, zone), `${zone} ${new Date(wall).toISOString()}`).toBe(expected);
    }
  }
});

test("an hour that the clocks leave out is the one behind it, and one that they show twice is one of the two", () => {
  expect(moment(Date.UTC(2026, 2, 8, 2, 30), "America/New_York")).toBe(Date.UTC(2026, 2, 8, 7, 30));
  expect([Date.UTC(2026, 10, 1, 5, 30), Date.UTC(2026, 10, 1, 6, 30)]).toContain(moment(Date.UTC(2026, 10, 1, 1, 30), "America/New_York"));
});

test("a moment that is kept is found again, also behind very many others", () => {
  const wall = Date.UTC(2026, 5, 1, 9);
  const found = moment(wall, "Asia/Kathmandu");
  for (let more = 1; more < 6_000; more += 1) moment(wall + more * 60_000, "Asia/Kathmandu");
  expect(moment(wall, "Asia/Kathmandu")).toBe(found);
  expect(moment(wall, "Europe/Vienna")).not.toBe(found);
});
