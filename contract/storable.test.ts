import { describe, expect, test } from "vitest";
import { isStorableJson, storableJson, storableText, unstorablePart } from "./storable.ts";

test.each([
  ["a\0b", "nul", "ab"],
  ["a\ud83d", "surrogate", "a\u{FFFD}"],
  ["\udfff\ud800", "surrogate", "\u{FFFD}\u{FFFD}"],
  // Without NUL the two halves are one character.
  ["\ud83d\0\ude00", "nul", "😀"],
  ["naïve 😀 \u0001", undefined, "naïve 😀 \u0001"],
])("%j", (text, part, stored) => {
  expect([unstorablePart(text), storableText(text)]).toEqual([part, stored]);
});

describe("JSON for a jsonb column", () => {
  test("has no text that Postgres refuses, at any depth", () => {
    expect(storableJson({ a: ["x\0", { b: "\ud800y" }], n: 1, none: null })).toBe('{"a":["x",{"b":"\u{FFFD}y"}],"n":1,"none":null}');
  });

  test.each(["\0", "a\0", "\\\0", "\ud800", "\udfff", "\\\\\ud83d"])("is refused with %j in a value or a name", (text) => {
    expect(isStorableJson(JSON.stringify({ a: text }))).toBe(false);
    expect(isStorableJson(JSON.stringify({ [text]: 1 }))).toBe(false);
  });

  test.each(["\\u0000", "\\\\ud83d", "\u0001", "😀", ""])("is taken with %j", (text) => {
    expect(isStorableJson(JSON.stringify({ a: text, [text]: 1 }))).toBe(true);
  });
});
