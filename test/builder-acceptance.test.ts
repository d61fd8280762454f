import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const page = readFileSync(join(root, "docs/builder-acceptance.md"), "utf8");
const rows = page.split("\n").filter((line) => /^\| \d+/.test(line));
const isFile = /^[\w/-]+(\.(test|spec))?\.tsx?$/;

/** The file of a name in the table: from the root, in the folder of the builder, or beside the one that was named before. */
function fileOf(name: string, before: string | undefined): string | undefined {
  const places = [name, `web/features/flow-builder/${name}`, ...(before === undefined ? [] : [join(before, "..", name)])];
  return places.find((place) => existsSync(join(root, place)));
}

/** Which of the files and sentences that a row names are not there. A sentence belongs to the file that is named last before it. */
function missingOf(row: string): string[] {
  const shows = row.split(" | ")[2] ?? "";
  const missing: string[] = [];
  let file: string | undefined;
  for (const [, name, sentence] of shows.matchAll(/`([^`]+)`|"([^"]+)"/g)) {
    if (sentence !== undefined) {
      if (file === undefined || !isTitle(sentence, file)) missing.push(sentence);
    } else if (name !== undefined && isFile.test(name)) {
      file = fileOf(name, file);
      if (file === undefined) missing.push(name);
    }
  }
  return missing;
}

/** Whether a test of this file is called so, or begins so where the table ends it with "…". */
function isTitle(sentence: string, file: string): boolean {
  const begins = sentence.endsWith("…");
  const source = readFileSync(join(root, file), "utf8");
  return ['"', "'", "`"].some((mark) => source.includes(`${mark}${begins ? sentence.slice(0, -1) : sentence + mark}`));
}

test.each([
  ["a file that is not there", "| 1 | Point | `e2e/no-such.spec.ts` | proven |", ["e2e/no-such.spec.ts"]],
  ["a sentence that no test has", '| 1 | Point | `e2e/templates.spec.ts`: "never written" | proven |', ["never written"]],
  ["a sentence without its file", '| 1 | Point | "on its own" | proven |', ["on its own"]],
  ["half a sentence without the sign that it is half", '| 1 | Point | `e2e/templates.spec.ts`: "a newcomer" | proven |', ["a newcomer"]],
])("%s is found missing", (_, row, missing) => expect(missingOf(row)).toEqual(missing));

test("the table of the builder has its forty points, and every test that it names is there by that sentence", () => {
  expect(rows.map((row) => Number(/\d+/.exec(row)?.[0]))).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  expect(rows.flatMap((row) => missingOf(row).map((one) => `${/\d+/.exec(row)?.[0]}: ${one}`))).toEqual([]);
});
