import { describe, expect, it } from "vitest";
import { csvDialect, firstRecords } from "./dialect.ts";

const read = (text: string) => {
  const { delimiter, skip, skippedLines } = csvDialect(text);
  return firstRecords(text.slice(skip), { delimiter, skippedLines, most: 100, isCut: false });
};

it.each([",", ";", "\t", "|"])("finds %o as the delimiter, whatever stands in quotes", (delimiter) => {
  expect(csvDialect(`"a,b;c|d"${delimiter}b${delimiter}c\n`)).toEqual({ delimiter, skip: 0, skippedLines: 0 });
});

it("finds the delimiter by the rows where the header has more of another character", () => {
  expect(csvDialect("Name;Notes (a, b, c)\nAnn;x\nBob;y\n").delimiter).toBe(";");
  expect(csvDialect("\n\r\nName;Email\nAnn;a@example.com\n").delimiter).toBe(";");
});

it.each([
  ["sep=;\r\na;b\r\n1;2", 2],
  ["\uFEFFsep=;\na;b\n1;2", 2],
  ['"sep=;"\ra;b\r1;2', 2],
  ["SEP=;\na;b\n1;2", 2],
  ["\n\nsep=;\na;b\n1;2", 4],
])("takes the delimiter that a line for Excel names, and counts that line: %o", (text, line) => {
  expect(read(text)).toEqual([
    { line, cells: ["a", "b"] },
    { line: line + 1, cells: ["1", "2"] },
  ]);
});

describe("the end of a row", () => {
  it.each(["\r\n", "\n", "\r"])("is %o under a header that ends with each of the others", (end) => {
    for (const first of ["\r\n", "\n", "\r"]) {
      expect(read(`a,b${first}1,"x\ny"${end}3,4${end}`)).toEqual([
        { line: 1, cells: ["a", "b"] },
        { line: 2, cells: ["1", "x\ny"] },
        { line: 4, cells: ["3", "4"] },
      ]);
    }
  });
});

it("counts a line break of Windows in quotes once", () => {
  expect(read('a,b\r\n"1\r\n2","3\r\n4"\r\n5,6\r\n').map(({ line }) => line)).toEqual([1, 2, 5]);
});

it("does not show half a record where the text was cut", () => {
  const cut = (text: string) => firstRecords(text, { delimiter: ",", most: 10, isCut: true }).map(({ cells }) => cells);
  expect(cut("name,phone\nAda,1\nGrace,+1 80")).toEqual([
    ["name", "phone"],
    ["Ada", "1"],
  ]);
  expect(cut('name,note\nAda,"said\n')).toEqual([["name", "note"]]);
});
