import { expect, test } from "vitest";
import { deepestJson, jsonExcess, mostJsonParts, parseExactJson } from "./exact-json.ts";

test.each([
  ["7615917337495251231", "7615917337495251231"],
  ["-9007199254740993", "-9007199254740993"],
  ["9007199254740991", 9007199254740991],
  ['{"a":[{"id":9007199254740993}],"b":1.5,"c":1e3}', { a: [{ id: "9007199254740993" }], b: 1.5, c: 1000 }],
  ['\uFEFF{"a":1}', { a: 1 }],
  ['"7615917337495251231"', "7615917337495251231"],
])("%s keeps its digits", (text, value) => expect(parseExactJson(text)).toEqual(value));

test.each([
  ["[".repeat(deepestJson + 1), "depth"],
  [`{"a":[${'{"b":['.repeat(deepestJson / 2)}`, "depth"],
  ["[".repeat(deepestJson), undefined],
  ["[],".repeat(mostJsonParts), undefined],
  ["[],".repeat(mostJsonParts + 1), "parts"],
  ["{},[],".repeat(mostJsonParts / 2 + 1), "parts"],
  [`"${"[".repeat(5_000)}"`, undefined],
  [`"\\"${"[".repeat(5_000)}"`, undefined],
  [`"\\\\",${"[".repeat(5_000)}`, "depth"],
  ["]".repeat(5_000), undefined],
])("how deep a text is nested and how many parts it has is found before it is parsed (%#)", (text, excess) =>
  expect(jsonExcess(text)).toBe(excess),
);

test("nesting that is too deep for the exact way is parsed all the same", () => {
  expect(Array.isArray(parseExactJson(`[7615917337495251231,${"[".repeat(100_000)}${"]".repeat(100_000)}]`))).toBe(true);
});
