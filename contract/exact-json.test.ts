import { expect, test } from "vitest";
import { deepestJson, nestsTooDeep, parseExactJson } from "./exact-json.ts";

test.each([
  ["7615917337495251231", "7615917337495251231"],
  ["-9007199254740993", "-9007199254740993"],
  ["9007199254740991", 9007199254740991],
  ['{"a":[{"id":9007199254740993}],"b":1.5,"c":1e3}', { a: [{ id: "9007199254740993" }], b: 1.5, c: 1000 }],
  ['\uFEFF{"a":1}', { a: 1 }],
  ['"7615917337495251231"', "7615917337495251231"],
])("%s keeps its digits", (text, value) => expect(parseExactJson(text)).toEqual(value));

test.each([
  ["[".repeat(deepestJson + 1), true],
  [`{"a":[${'{"b":['.repeat(deepestJson / 2)}`, true],
  ["[".repeat(deepestJson), false],
  ["[],".repeat(5_000), false],
  [`"${"[".repeat(5_000)}"`, false],
  [`"\\"${"[".repeat(5_000)}"`, false],
  [`"\\\\",${"[".repeat(5_000)}`, true],
  ["]".repeat(5_000), false],
])("how deep a text is nested is found before it is parsed (%#)", (text, isTooDeep) => expect(nestsTooDeep(text)).toBe(isTooDeep));

test("nesting that is too deep for the exact way is parsed all the same", () => {
  expect(Array.isArray(parseExactJson(`[7615917337495251231,${"[".repeat(100_000)}${"]".repeat(100_000)}]`))).toBe(true);
});
