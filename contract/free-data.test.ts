import { expect, test } from "vitest";
import { ContactInput } from "./contacts.ts";
import { FreeData } from "./free-data.ts";

const problemOf = (value: unknown) => FreeData.safeParse(value).error?.issues[0]?.message;
const nested = (levels: number): unknown => (levels === 0 ? "x" : { a: nested(levels - 1) });

test.each<[string, unknown, RegExp]>([
  ["45,000 short texts in a list", { t: Array.from({ length: 45_000 }, (_, index) => `t${index}`) }, /64 KiB|2,000 values/],
  ["2,001 fields", Object.fromEntries(Array.from({ length: 2_001 }, (_, index) => [`f${index}`, 1])), /more than 2,000 values/],
  [
    "2,001 values in lists of lists",
    { t: Array.from({ length: 100 }, () => Array.from({ length: 30 }, () => 1)) },
    /more than 2,000 values/,
  ],
  ["a text of 65 KiB", { t: "x".repeat(65 * 1024) }, /longer than 64 KiB/],
  ["eleven levels", nested(13), /deeper than 10 levels/],
])("refuses %s, and says what is too large", (_, value, message) => {
  expect(problemOf(value)).toMatch(message);
  expect(ContactInput.safeParse({ firstname: "Ada", metadata: value }).success).toBe(false);
});

test("takes what people really keep: some hundred fields, lists of tags, a long note", () => {
  const fields = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`field ${index}`, "a value of some length"]));
  expect(
    problemOf({ ...fields, tags: Array.from({ length: 200 }, (_, index) => `tag ${index}`), note: "x".repeat(10_000) }),
  ).toBeUndefined();
});
