import { expect, test } from "vitest";
import { typedText } from "./typed-text.ts";

test.each([
  ['="0664 1234561"', "0664 1234561"],
  ['="Ann"', "Ann"],
  ['=T("Ann")', "Ann"],
  ['= "say ""hi"""', 'say "hi"'],
  ['"Ann"', "Ann"],
  [`'="Ann"`, "Ann"],
  ["'06641234562", "06641234562"],
  ["'+43 664 1234562", "+43 664 1234562"],
  ["’0664/1234562", "0664/1234562"],
  ["\u202A+43 664 1234562\u202C", "+43 664 1234562"],
  ["\uFEFF\u200Eann@example.com\u200F", "ann@example.com"],
  ["+43 664\uFE0D 1", "+43 664 1"],
  ["  Ann\u00A0", "Ann"],
])("%j is %j", (given, value) => {
  expect(typedText(given)).toBe(value);
});

test.each(["'t Hooft", "D'Angelo", '"Weird Al" Yankovic', "=1+1", "5' 11\"", "👩‍👧 ❤️", "می‌خواهم", "'90s kid", ""])(
  "%j means something as it is",
  (text) => {
    expect(typedText(text)).toBe(text);
  },
);
