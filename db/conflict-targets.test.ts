import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

// Where a table has two unique keys and an insert names one of them, Postgres lets the other one fail: of two inserts of
// the same row at the same moment one got 23505, and the person who had pressed twice saw an error. An insert that wants
// nothing to happen therefore names no key at all.
const named = [
  /on conflict\s*\([^)]*(?:\([^)]*\))?[^)]*\)\s*do nothing/i,
  /onConflict\(\([^)]*\)\s*=>\s*\w+\s*\.(?:column|columns|constraint|expression)\((?:[^()]|\([^()]*\))*\)\s*\.doNothing/,
];

test("an insert that may find its row there already names no unique key", () => {
  const files = globSync("{contract,db,engine,server,channels}/**/*.ts", { cwd: new URL("..", import.meta.url).pathname });
  expect(files.length).toBeGreaterThan(300);
  const wrong = files.filter((file) => {
    if (file.endsWith(".test.ts")) return false;
    const text = readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
    return named.some((pattern) => pattern.test(text));
  });
  expect(wrong).toEqual([]);
});
