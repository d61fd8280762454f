import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ConsentStatement } from "./consents.ts";
import { readConsent } from "./csv/consent.ts";
import { routes } from "./routes.ts";
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

/** The schemas of times and days within a schema. */
function timesIn(schema: z.core.$ZodType, seen = new Set<unknown>()): z.core.$ZodType[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const { def } = schema._zod;
  if ("format" in def && (def.format === "datetime" || def.format === "date")) return [schema];
  return Object.values(def).flatMap((part) => partsOf(part).flatMap((inner) => timesIn(inner, seen)));
}
function partsOf(part: unknown): z.core.$ZodType[] {
  if (typeof part !== "object" || part === null) return [];
  if ("_zod" in part) return "def" in part ? [part as unknown as z.core.$ZodType] : [];
  return (Array.isArray(part) ? part : Object.values(part)).flatMap((one: unknown) =>
    typeof one === "object" && one !== null && "_zod" in one && "def" in one ? [one as unknown as z.core.$ZodType] : [],
  );
}

test("every time and day of a request keeps to these years", () => {
  const loose = Object.entries(routes).flatMap(([id, { params, query, body }]) =>
    [params, query, body]
      .flatMap((schema) => timesIn(schema))
      .filter((schema) => ["0000-01-01", "0000-01-01T00:00:00Z"].some((value) => z.safeParse(schema, value).success))
      .map(() => id),
  );
  expect(loose).toEqual([]);
  expect(timesIn(ConsentStatement).length).toBe(2);
});
