import { expect, test } from "vitest";
import { problemsCsv } from "./problems-csv.ts";

test("no cell of the list of refused lines is one that a spreadsheet runs, in full-width signs too", () => {
  for (const sign of ["=", "+", "-", "@", "\t", "\r", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"]) {
    const csv = problemsCsv([{ line: 2, column: `${sign}cmd|' /C calc'!A0`, message: `${sign}1+1` }]);
    expect(csv.split("\r\n")[1], JSON.stringify(sign)).toBe(`2,"'${sign}cmd|' /C calc'!A0","'${sign}1+1"`);
  }
});

test("quotation marks and commas stay within their cell", () => {
  expect(problemsCsv([{ line: 3, column: null, message: 'Not "a, b"' }])).toBe('line,column,problem\r\n3,"","Not ""a, b"""');
});
