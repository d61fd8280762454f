import fc from "fast-check";
import { expect, test } from "vitest";
import { processorTime } from "#test/processor-time.ts";
import { deepestJson, jsonExcess, mostJsonParts, parseExactJson } from "./exact-json.ts";

test.each([
  ["7615917337495251231", "7615917337495251231"],
  ["-9007199254740993", "-9007199254740993"],
  ["9007199254740991", 9007199254740991],
  ['{"a":[{"id":9007199254740993}],"b":1.5,"c":1e3}', { a: [{ id: "9007199254740993" }], b: 1.5, c: 1000 }],
  ['\uFEFF{"a":1}', { a: 1 }],
  ['"7615917337495251231"', "7615917337495251231"],
  ["7615917337495251231.0", "7615917337495251231"],
  ["-7615917337495251231.00", "-7615917337495251231"],
  ["7.615917337495251231E18", "7.615917337495251231E18"],
  ["12345678901234567890.50", "12345678901234567890.50"],
  ['{"e": 1e400, "f":[-1E+999]}', { e: "1e400", f: ["-1E+999"] }],
  ["[0.1, 1.25e3, 9007199254740991.0, 1e-400]", [0.1, 1250, 9007199254740991, 0]],
])("%s keeps its digits", (text, value) => expect(parseExactJson(text)).toEqual(value));

test.each([
  ["[".repeat(deepestJson + 1), "depth"],
  [`{"a":[${'{"b":['.repeat(deepestJson / 2)}`, "depth"],
  ["[".repeat(deepestJson), undefined],
  ["[],".repeat(mostJsonParts / 2), undefined],
  ["[],".repeat(mostJsonParts / 2 + 1), "parts"],
  ["{},[],".repeat(mostJsonParts / 4 + 1), "parts"],
  [`[${"1,".repeat(mostJsonParts - 1)}1]`, undefined],
  [`[${"7615917337495251231,".repeat(mostJsonParts)}1]`, "parts"],
  [`"${",".repeat(mostJsonParts + 1)}"`, undefined],
  [`"${"[".repeat(5_000)}"`, undefined],
  [`"\\"${"[".repeat(5_000)}"`, undefined],
  [`"\\\\",${"[".repeat(5_000)}`, "depth"],
  ["]".repeat(5_000), undefined],
])("how deep a text is nested and how many parts it has is found before it is parsed (%#)", (text, excess) =>
  expect(jsonExcess(text)).toBe(excess),
);

test.each([
  "{7615917337495251231:1}",
  "{7615917337495251231 : 1}",
  "[07615917337495251231]",
  "-07615917337495251231",
  "--7615917337495251231",
  "+7615917337495251231",
  ".7615917337495251231",
  "7615917337495251231.",
  "7615917337495251231abc",
  '"a"7615917337495251231',
])("%s is no JSON, and quotes around its digits do not make it one", (text) => expect(() => parseExactJson(text)).toThrow(SyntaxError));

/** The slow way to the same: a reviver that is told the text of each value. */
const byReviver = (text: string): unknown =>
  JSON.parse(text, ((_: string, value: unknown, context?: { source?: string }) =>
    typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER ? context?.source?.replace(/\.0+$/, "") : value) as Parameters<
    typeof JSON.parse
  >[1]);

test("any text is read or refused as by a reviver", () => {
  const digit = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: 22 });
  const sign = fc.constantFrom(
    ...'{}[],:"\\-+.eE \n',
    "7615917337495251231",
    '"a"',
    "0",
    "9007199254740993",
    "1e400",
    "7615917337495251231.0",
  );
  const outcome = (read: (text: string) => unknown, text: string) => {
    try {
      return JSON.stringify(read(text));
    } catch (error) {
      return (error as Error).name;
    }
  };
  const value = fc.oneof(digit, fc.json());
  const texts = fc.oneof(
    fc.array(fc.oneof(digit, sign), { maxLength: 12 }).map((pieces) => pieces.join("")),
    fc.array(value, { maxLength: 6 }).map((values) => `{"a":[${values.join(",")}],"b":7615917337495251231}`),
  );
  fc.assert(
    fc.property(texts, (text) => outcome(parseExactJson, text) === outcome(byReviver, text)),
    { numRuns: 20_000 },
  );
});

test("a list of long integers takes less than by a reviver", () => {
  const text = `[${Array(50_000).fill("7615917337495251231").join(",")}]`;
  expect(processorTime(() => void parseExactJson(text))).toBeLessThan(processorTime(() => void byReviver(text)));
});

test("nesting that is too deep for a reviver is parsed all the same", () => {
  expect(Array.isArray(parseExactJson(`[7615917337495251231,${"[".repeat(100_000)}${"]".repeat(100_000)}]`))).toBe(true);
});
