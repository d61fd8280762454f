import { expect, test } from "vitest";
import { foldName } from "./fold.ts";

test.each([
  ["Café", "CAFE "],
  ["Cafe\u0301", "café"],
  ["  New   lead", "new\u00a0lead"],
  ["Straße", "STRASSE"],
  ["Ｆｕｌｌ", "full"],
  ["ΣΊΣΥΦΟΣ", "σισυφος"],
  ["Été", "ete"],
])("%j and %j are one name", (one, other) => {
  expect(foldName(one)).toBe(foldName(other));
});

test.each([
  ["Hot", "Hot!"],
  ["Lead 1", "Lead 2"],
  ["New lead", "Newlead"],
])("%j and %j are two names", (one, other) => {
  expect(foldName(one)).not.toBe(foldName(other));
});

test("a name that was folded stays as it is", () => {
  for (const name of ["Ｃａｆé  Ⅷ", "İstanbul", "ﬁn"]) expect(foldName(foldName(name))).toBe(foldName(name));
});
