import { describe, expect, test } from "vitest";
import { ConsentStatement } from "./consents.ts";
import { readConsent } from "./csv/consent.ts";
import { SendStart } from "./sends.ts";

const years = ["0000", "0001", "1899", "3000", "9999"];

describe.each(years)("the year %s", (year) => {
  test("is refused as the start of a send", () => {
    expect(SendStart.safeParse({ at: `${year}-01-01T00:00` }).success).toBe(false);
  });
  test("is refused as the day and the time of a consent", () => {
    for (const givenAt of [`${year}-01-01`, `${year}-01-01T00:00:00Z`, `${year}-12-31T23:59:59-14:00`])
      expect(ConsentStatement.safeParse({ where: "Form", givenAt }).success).toBe(false);
  });
  test("is no moment of a refusal in a file, and stays a refusal", () => {
    expect(readConsent("sms_opted_out", `${year}-01-01`)).toBe("now");
  });
});

test("the years from 1900 to 2999 are taken", () => {
  for (const year of ["1900", "2026", "2999"]) expect(SendStart.safeParse({ at: `${year}-12-31T23:59` }).success).toBe(true);
});
