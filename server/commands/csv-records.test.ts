import fc from "fast-check";
import { expect, test } from "vitest";
import { beginningOf, type OpenedCsv, openCsv } from "#contract/csv/open-file.ts";
import { csvRecords } from "./csv-records.ts";
import { ImportRefusal } from "./import-refusal.ts";

const open = (text: string): OpenedCsv => {
  const opened = openCsv(new TextEncoder().encode(text), "utf-8");
  if ("refusal" in opened) throw new Error(opened.refusal);
  return opened;
};
const all = async (opened: OpenedCsv) => {
  const records = [];
  for await (const record of csvRecords(opened)) records.push(record);
  return records;
};

test("the browser's preview and the server's import read the same records at the same lines", async () => {
  const cell = fc.oneof(
    fc.constantFrom("", "a", "Zoë", '"x, y"', '"one\r\ntwo"', '"a\rb"', '5" pipe', " b ", '"say ""hi"""', "😀"),
    fc.string({ maxLength: 4 }).map((text) => `"${text.replaceAll('"', '""')}"`),
  );
  const line = fc.tuple(fc.array(cell, { minLength: 1, maxLength: 4 }), fc.constantFrom("\n", "\r\n", "\r", "\n\n"));
  const file = fc
    .tuple(
      fc.constantFrom("", "\n", "sep=;\r\n", "\uFEFF"),
      fc.constantFrom(",", ";", "\t"),
      fc.array(line, { minLength: 1, maxLength: 12 }),
    )
    .map(([start, delimiter, lines]) => start + lines.map(([cells, end]) => cells.join(delimiter) + end).join(""));
  await fc.assert(
    fc.asyncProperty(file, async (text) => {
      const opened = open(text);
      // A quotation mark that is never closed refuses the import; the page has shown what stands before it.
      const read = await all(opened).catch((error: unknown) => (error instanceof ImportRefusal ? undefined : Promise.reject(error)));
      if (read) expect(read).toEqual(beginningOf(opened, 100));
    }),
    { numRuns: 300 },
  );
});

test("a row end, a letter of two halves and a quoted value may stand where the text is cut into slices", async () => {
  const slice = 64 * 1024;
  for (const [around, cells] of [
    ["\r\nb,2\r\n", ["b", "2"]],
    ["\n😀,2\n", ["😀", "2"]],
    ['\n"x""y\r\nz",2\n', ['x"y\r\nz', "2"]],
  ] as const) {
    for (let offset = 0; offset < 12; offset += 1) {
      const text = `n,${"x".repeat(slice - 2 - offset)}${around}`;
      expect((await all(open(text)))[1]).toEqual({ line: 2, cells });
    }
  }
});

test("others have their turn while a large file is read, however little it waits for", async () => {
  const opened = open(`n,v\n${"aaaaaaaa,1\n".repeat(300_000)}`);
  let turns = 0;
  let isOver = false;
  const turn = () => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  for await (const _ of csvRecords(opened));
  isOver = true;
  expect(turns).toBeGreaterThan(20);
});
