import { expect, it } from "vitest";
import { csvDelimiter, csvEncoding } from "./csv-dialect.ts";

const bytes = (text: string, encoding: BufferEncoding = "utf8") => new Uint8Array(Buffer.from(text, encoding));

it("refuses a workbook and a file that is no text, and says what to do", () => {
  expect(csvEncoding(bytes("PK\u0003\u0004rest"))).toEqual({ refusal: expect.stringContaining("Save it as CSV") });
  expect(csvEncoding(new Uint8Array([1, 0, 2]))).toEqual({ refusal: expect.stringContaining("not a CSV file") });
});

it("knows UTF-16 by its mark, UTF-8 by its letters, and takes anything else for the code page of Excel", () => {
  expect(csvEncoding(bytes("\uFEFFname", "utf16le"))).toEqual({ name: "utf-16le" });
  expect(csvEncoding(new Uint8Array([0xfe, 0xff, 0, 65]))).toEqual({ name: "utf-16be" });
  expect(csvEncoding(bytes("Zoë"))).toEqual({ name: "utf-8" });
  expect(csvEncoding(bytes("Zoë\n", "latin1"))).toEqual({ name: "windows-1252" });
});

it.each([",", ";", "\t", "|"])("finds %o as the delimiter, whatever stands in quotes", (delimiter) => {
  expect(csvDelimiter(`"a,b;c|d"${delimiter}b${delimiter}c\n`)).toEqual({ delimiter, skip: 0 });
});

it("takes the delimiter that a first line for Excel names, and passes over that line", () => {
  expect(csvDelimiter("sep=;\r\na,b,c\n")).toEqual({ delimiter: ";", skip: 7 });
});
