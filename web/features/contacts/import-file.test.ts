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

it("keeps the zeros that the format of a cell shows, as of postal codes", async () => {
  const cells = [{ zip: 501 }, { zip: 90210 }, { zip: 1234567 }, { plusFour: 123456 }, { digits: "501" }];
  const { rows, told } = await opened(xlsx([["Name"], ...cells.map((cell) => [cell])]), "people.xlsx");
  expect(rows.map(([value]) => value)).toEqual(["00501", "90210", "1234567", "00012-3456", "501"]);
  expect(told).toEqual([]);
});

it("tells which sheet of a workbook is read, how many are not, and which cells show an error", async () => {
  const row = (n: number) => [`Ann ${n}`, { error: n === 1 ? "#N/A" : "#REF!" }];
  const people = [["Name", "City"], ...Array.from({ length: 7 }, (_, n) => row(n + 1))];
  const { rows, told } = await opened(xlsx(people, ["Companies", "Notes"]), "people.xlsx");
  expect(rows[0]).toEqual(["Ann 1", ""]);
  expect(rows).toHaveLength(7);
  expect(told).toEqual([
    "The sheet “People” is read. 2 more sheets of the workbook are not: save each as a file of its own.",
    "7 cells show an error and are left empty: #N/A in B2, #REF! in B3, #REF! in B4, #REF! in B5, #REF! in B6 and 2 more.",
  ]);
  expect((await opened(xlsx([["Name"], ["Ann"]], ["Notes"]), "people.xlsx")).told).toEqual([
    "The sheet “People” is read. One more sheet of the workbook is not: save each as a file of its own.",
  ]);
});

it("leaves out the rows that a filter hides in a workbook, and says so", async () => {
  const people = ["Ann", "Bob", "Cy", "Dee"].map((name) => [name]);
  const { rows, told } = await opened(xlsx([["Name"], ...people], [], [3, 4]), "people.xlsx");
  expect(rows.flat().filter((value) => value !== "")).toEqual(["Ann", "Dee"]);
  expect(told).toEqual([
    "2 rows are hidden in the sheet and are left out. To import what is hidden, show it in your spreadsheet and save the file.",
  ]);
  expect((await opened(xlsx([["Name"], ...people], [], [5]), "people.xlsx")).told).toEqual([
    "One row is hidden in the sheet and is left out. To import what is hidden, show it in your spreadsheet and save the file.",
  ]);
});

it("takes a time of day of a workbook for no date, and rounds what a fraction of a day loses", async () => {
  const days = [0.75, 0, 0.5208333333333334, 0.999988425925926, 45000.499999999, 44999.9999999, 1.25].map((day) => [{ day }]);
  const { rows } = await opened(xlsx([["Name"], ...days]), "people.xlsx");
  expect(rows.map(([value]) => value)).toEqual([
    ...["18:00", "00:00", "12:30", "23:59:59"],
    ...["2023-03-15T12:00:00", "2023-03-15", "1899-12-31T06:00:00"],
  ]);
});

it("takes from a workbook the digits that its sheet shows, and no more", async () => {
  const cells = ["19.989999999999998", "0.10000000000000001", "1.55E1", "1E+21", "9.9999999999999995E-8", "7"];
  const { rows } = await opened(xlsx([["Name"], ...cells.map((digits) => [{ digits }])]), "people.xlsx");
  expect(rows.map(([value]) => value)).toEqual(["19.99", "0.1", "15.5", "1000000000000000000000", "0.0000001", "7"]);
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
