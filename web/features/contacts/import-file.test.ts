import { describe, expect, it } from "vitest";
import { xlsx } from "#test/xlsx.ts";
import { type ImportFile, inEncoding, openImportFile, openQuestions } from "./import-file.ts";

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

async function opened(content: string | Uint8Array<ArrayBuffer>, name = "people.csv"): Promise<ImportFile> {
  const file = await openImportFile(new File([content], name));
  if ("problem" in file) throw new Error(file.problem);
  return file;
}
const refused = async (content: string | Uint8Array<ArrayBuffer>, name = "people.csv") => {
  const file = await openImportFile(new File([content], name));
  return "problem" in file ? file.problem : "taken";
};

describe("a file that cannot be imported", () => {
  it("is refused in one sentence that says what to do", async () => {
    expect(await refused("")).toMatch(/is empty/);
    expect(await refused("\n\n")).toMatch(/no column names/);
    expect(await refused(latin1("PK\u0003\u0004 no workbook"), "people.xlsx")).toMatch(/could not be read as an Excel workbook/);
    expect(await refused(Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0, 0), "people.xls")).toMatch(/old Excel \(\.xls\)/);
    expect(await refused(Array.from({ length: 501 }, (_, index) => `c${index}`).join(","))).toMatch(/501 columns; at most 500/);
  });
});

describe("the letters of a file", () => {
  it("are shown as they are read, and another encoding reads the columns anew", async () => {
    const file = await opened(latin1("Pr\xe9nom,Courriel\nZo\xeb,z@example.com\n") as Uint8Array<ArrayBuffer>);
    expect(file).toMatchObject({ encoding: "windows-1252", letters: ["Prénom", "Zoë"] });
    expect(file.columns.map(({ target }) => target)).toEqual(["firstname", "email"]);
    const wrong = inEncoding(file, "utf-8") as ImportFile;
    expect(wrong.letters).toEqual(["Pr\u{FFFD}nom", "Zo\u{FFFD}"]);
    expect(wrong.columns[0]).toMatchObject({ header: "Pr\u{FFFD}nom", target: "metadata" });
    expect((inEncoding(wrong, "windows-1252") as ImportFile).columns[0]?.target).toBe("firstname");
  });

  it("are found far behind the beginning, also beside a very long cell", async () => {
    const rows = `Ann,"${"x".repeat(70_000)}"\n`.repeat(20);
    expect((await opened(`Name,Log\n${rows}Łukasz,y\n`)).letters).toEqual(["Łukasz"]);
  });
});

describe("an Excel workbook", () => {
  it("is read with its days, its long numbers and its empty rows", async () => {
    const file = await opened(
      xlsx([
        ["Name", "Phone", "Birthday", "VIP"],
        ["Zoë, A.", 491511234567, { day: 45000 }, true],
        [null, null, null, null],
        ['Bob "B"', 6641234567, { day: 45000.5 }, false],
      ]),
      "people.xlsx",
    );
    expect(file).toMatchObject({ isWorkbook: true, encoding: "utf-8", names: ["Name", "Phone", "Birthday", "VIP"] });
    expect(file.rows).toEqual([
      ["Zoë, A.", "491511234567", "2023-03-15", "true"],
      ['Bob "B"', "6641234567", "2023-03-15T12:00:00", "false"],
    ]);
    expect((await file.upload.text()).split("\r\n")).toHaveLength(4);
  });
});

describe("what the import asks before it begins", () => {
  it("is every column about consent that nobody has decided about, also those that the server found", async () => {
    const file = await opened("Email,Status,DND,City\na@example.com,Unsubscribed,true,Graz\n");
    expect(file.columns.map(({ target }) => target)).toEqual(["email", "metadata", "dnc", "metadata"]);
    expect(openQuestions(file, [])).toEqual([1]);
    expect(openQuestions(file, [3])).toEqual([1, 3]);
    const answered = file.columns.map((column, index) => (index === 1 ? { ...column, notConsent: true as const } : column));
    expect(openQuestions({ ...file, columns: answered }, [1])).toEqual([]);
  });
});
