import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

// docs/security.md says which test holds each line. A test that was renamed or divided would leave a line that nothing holds.

const root = join(import.meta.dirname, "..");
const page = readFileSync(join(root, "docs/security.md"), "utf8");

/** The lines of the tables whose first cell begins with a mark such as F1 or S27b. */
const rows = page.split("\n").flatMap((line) => {
  const mark = /^\| ([FGHS]\d+b?)\b/.exec(line)?.[1];
  return mark === undefined ? [] : { mark, line };
});
const filesIn = (line: string) => [...line.matchAll(/`([\w./-]+\.(?:ts|tsx))`/g)].map(([, file]) => file as string);
const isRun = (file: string) => /\.test\.tsx?$/.test(file) || /^e2e\/.*\.spec\.ts$/.test(file);

test("every finding and rule has a line, and none is left out", () => {
  const marks = new Set(rows.map(({ mark }) => mark));
  for (const [letter, last] of [
    ["F", 22],
    ["G", 9],
    ["H", 42],
    ["S", 30],
  ] as const)
    for (let number = 1; number <= last; number += 1) expect(marks, `${letter}${number}`).toContain(`${letter}${number}`);
});

test.each(rows)("$mark names a test that is run", ({ line }) => {
  expect(filesIn(line).filter(isRun)).not.toEqual([]);
});

test.each(rows)("$mark names files that exist", ({ line }) => {
  const missing = filesIn(line).filter((file) => !existsSync(join(root, file)));
  expect(missing).toEqual([]);
});
