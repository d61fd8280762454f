import { describe, expect, it } from "vitest";
import { sniffedBytes } from "#contract/csv-dialect.ts";
import { type CsvPreview, parsePreview, readPreview } from "./csv-preview.ts";

describe("the preview of a CSV file", () => {
  it("shows no columns of an empty file", () => {
    expect(parsePreview("", false)).toEqual({ columns: [], rows: [] });
  });

  it("never shows half a record where the text was cut", () => {
    expect(parsePreview("name,phone\nAda,1\nGrace,+1 80", true).rows).toEqual([["Ada", "1"]]);
    expect(parsePreview('name,note\nAda,"said\n', true).rows).toEqual([]);
  });

  it("shows the last record of a whole file that has no line break at its end", () => {
    expect(parsePreview("name\nAda", false).rows).toEqual([["Ada"]]);
  });

  it("reads quotes, doubled quotes, delimiters and line breaks inside a field", () => {
    const { columns, rows } = parsePreview('name,"note, long"\r\n"Ada ""A."" L.","one\r\ntwo, three"\r\n', false);
    expect(columns).toEqual(["name", "note, long"]);
    expect(rows).toEqual([['Ada "A." L.', "one\r\ntwo, three"]]);
  });

  it.each([";", "\t", "|"])("finds %o as the delimiter by itself", (delimiter) => {
    const preview = parsePreview(`${["First name", "Phone"].join(delimiter)}\n${["Ada, L.", "1"].join(delimiter)}`, false);
    expect(preview).toEqual({ columns: ["First name", "Phone"], rows: [["Ada, L.", "1"]] });
  });

  it("drops the mark that Excel puts first, the line that names the delimiter, and empty lines", async () => {
    const file = new Blob(["\uFEFFsep=;\nname;phone\n\nAda;1\n;\n"]);
    expect(await readPreview(file)).toEqual({ columns: ["name", "phone"], rows: [["Ada", "1"]] });
  });

  it("says what is wrong with a file that is no CSV, in the words of the import", async () => {
    expect(await readPreview(new Blob(["PK\u0003\u0004"]))).toEqual({ problem: expect.stringContaining("Excel workbook") });
  });

  it("reads the code page that Excel writes", async () => {
    const file = new Blob([new Uint8Array(Buffer.from("name\nZoë\n", "latin1"))]);
    expect(await readPreview(file)).toEqual({ columns: ["name"], rows: [["Zoë"]] });
  });

  it("fills up short records and leaves out what has no column", () => {
    expect(parsePreview("a,b\n1\n1,2,3\n", false).rows).toEqual([
      ["1", ""],
      ["1", "2"],
    ]);
  });

  it("reads the first 64 KiB of a file of any size, and no broken letter", async () => {
    const line = "Ünïcödé,+15550100\n";
    const file = new Blob(["name,phone\n", line.repeat(20_000)]);
    expect(file.size).toBeGreaterThan(sniffedBytes);
    const preview = (await readPreview(file)) as CsvPreview;
    expect(preview.rows).toHaveLength(5);
    expect(preview.rows.every(([name]) => name === "Ünïcödé")).toBe(true);
  });
});
