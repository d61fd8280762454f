import { expect, it } from "vitest";
import { guardedCell, unguarded } from "./formula-guard.ts";

const hostile = [
  "=1+1",
  "+1+1",
  "-1+1",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  "＝1",
  "＋1",
  "－1",
  "＠1",
  "'=1",
  "''=1",
  "'-",
  "=",
  "-",
  "+",
  '=HYPERLINK("http://x")',
];

it("no value begins as a formula, and each comes back as it was", () => {
  for (const value of hostile) {
    expect(guardedCell(value)).toBe(`'${value}`);
    expect(unguarded(guardedCell(value))).toBe(value);
  }
});

it("numbers, telephone numbers and other text stay as they are", () => {
  for (const value of ["+12025550134", "-5", "-1.5", "O'Neil", "'quoted'", "", "a=b", "''"]) {
    expect(guardedCell(value)).toBe(value);
    expect(unguarded(value)).toBe(value);
  }
});
