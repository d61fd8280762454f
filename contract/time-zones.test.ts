import { expect, test } from "vitest";
import { linkedTimeZones, timeZoneNames } from "./time-zone-names.ts";
import { firstTimeZone, readTimeZone, timeZones } from "./time-zones.ts";
import { WorkspacePatch } from "./workspace-changes.ts";

const noZones = [
  ...["+05:45", "-08:00", "-03", "+0545", "UTC+2", "UTC-03:00", "GMT+2", "GMT-8", "Etc/GMT+15", "Etc/GMT+05:30", "Z", "PST", "IST", "0"],
  ...["US/Pacific-New", "Mars/Olympus", "Factory", "localtime", "posix/Europe/Berlin", "right/Europe/Berlin", "posixrules", "Europe/"],
  ...["Europe", "Europe/Berlin/Mitte", "Berlin", "../Europe/Berlin", "Europe/Berlin\0", "constructor", "__proto__"],
];

test("an offset, an abbreviation and a name that only one of ICU and Postgres knows are no zones", () => {
  for (const text of noZones) {
    expect(readTimeZone(text), text).toBeUndefined();
    expect(WorkspacePatch.safeParse({ timeZone: text }).success, text).toBe(false);
  }
  expect(WorkspacePatch.safeParse({ timeZone: " " }).success).toBe(false);
});

test.each([
  ["america/los_angeles", "America/Los_Angeles"],
  [" America/New York ", "America/New_York"],
  ["US/Pacific", "America/Los_Angeles"],
  ["Asia/Calcutta", "Asia/Kolkata"],
  ["ASIA/KATMANDU", "Asia/Kathmandu"],
  ["Europe/Kiev", "Europe/Kyiv"],
  ["Europe/Oslo", "Europe/Oslo"],
  ["etc/gmt+8", "Etc/GMT+8"],
  ["Etc/UTC", "UTC"],
  ["GMT", "UTC"],
])("%s is kept as %s", (text, name) => {
  expect(readTimeZone(text)).toBe(name);
  expect(WorkspacePatch.parse({ timeZone: text }).timeZone).toBe(name);
});

test("every name is known to the ICU of this Node, links lead to canonical names, and every zone of ICU can be read", () => {
  for (const timeZone of timeZoneNames) expect(() => new Intl.DateTimeFormat("en", { timeZone }), timeZone).not.toThrow();
  for (const [other, name] of linkedTimeZones) {
    expect(timeZoneNames, other).toContain(name);
    expect(timeZoneNames).not.toContain(other);
  }
  expect(Intl.supportedValuesOf("timeZone").filter((zone) => readTimeZone(zone) === undefined)).toEqual([]);
  expect(timeZones().length).toBeGreaterThan(400);
});

test("where the contact's zone is none, the workspace's counts", () => {
  expect(firstTimeZone("-08:00", "Europe/Berlin")).toBe("Europe/Berlin");
  expect(firstTimeZone(null, "Nowhere")).toBe("UTC");
});
