import { gzipSync } from "node:zlib";
import type { Rolldown } from "vite";
import { build } from "vite";
import { beforeAll, expect, test, vi } from "vitest";

/** Kilobytes (1000 bytes) of script, compressed by gzip. What grows beyond this is loaded later instead. */
const budget = { entry: 265, contacts: 314 };

/** What would bring its weight to a page that does not draw it. */
const elsewhere = [
  "@xyflow/react",
  "csv-parse",
  "luxon",
  "libphonenumber-js",
  "@supabase/supabase-js",
  "eventsource",
  "@zag-js/combobox/dist/combobox.machine.mjs",
];

let chunks: Map<string, Rolldown.OutputChunk>;
beforeAll(async () => {
  // Otherwise React is built as for development.
  vi.stubEnv("NODE_ENV", "production");
  const built = (await build({ logLevel: "error", build: { write: false, sourcemap: false } })) as Rolldown.RolldownOutput;
  chunks = new Map(built.output.filter((file) => file.type === "chunk").map((chunk) => [chunk.fileName, chunk]));
}, 180_000);

/** The chunks that must be there before any of `files` can run. */
function reachedFrom(files: string[], seen = new Set<string>()): Set<string> {
  for (const file of files) {
    if (seen.has(file)) continue;
    seen.add(file);
    reachedFrom(chunks.get(file)?.imports ?? [], seen);
  }
  return seen;
}
const kilobytes = (files: Set<string>) =>
  [...files].reduce((sum, file) => sum + gzipSync(chunks.get(file)?.code ?? "", { level: 9 }).length, 0) / 1000;
const entry = () => [...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName);
const contactsPage = () =>
  [...chunks.values()]
    .filter(({ moduleIds }) => moduleIds.some((id) => id.endsWith("/web/app/pages/contacts-page.tsx")))
    .map(({ fileName }) => fileName);

test("what every page loads first stays within its budget", () => {
  expect(entry()).toHaveLength(1);
  expect(kilobytes(reachedFrom(entry()))).toBeLessThan(budget.entry);
});

test("what the contacts page needs for its first rows stays within its budget", () => {
  expect(contactsPage()).toHaveLength(1);
  expect(kilobytes(reachedFrom([...entry(), ...contactsPage()]))).toBeLessThan(budget.contacts);
});

test("nothing that only other pages and dialogs draw comes with the contacts page", () => {
  const modules = [...reachedFrom([...entry(), ...contactsPage()])].flatMap((file) => chunks.get(file)?.moduleIds ?? []);
  expect(elsewhere.filter((name) => modules.some((module) => module.includes(`/node_modules/${name}`)))).toEqual([]);
});
