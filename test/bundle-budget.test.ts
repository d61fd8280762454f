import { gzipSync } from "node:zlib";
import type { Rolldown } from "vite";
import { build } from "vite";
import { beforeAll, expect, test, vi } from "vitest";

/** Kilobytes (1000 bytes) of script, compressed by gzip. What grows beyond this is loaded later instead. */
const budget = { entry: 214, contacts: 250, canvas: 130, richText: 140, source: 155 };

/** Modules that are heavy and must not be loaded by pages that do not use them. */
const elsewhere = [
  "node_modules/@xyflow/react",
  "node_modules/csv-parse",
  "node_modules/luxon",
  "node_modules/libphonenumber-js",
  "node_modules/@supabase/supabase-js",
  "node_modules/eventsource",
  "node_modules/@zag-js/combobox/dist/combobox.machine.mjs",
];

let chunks: Map<string, Rolldown.OutputChunk>;
beforeAll(async () => {
  // Otherwise React is built as for development.
  vi.stubEnv("NODE_ENV", "production");
  const built = (await build({ logLevel: "error", build: { write: false, sourcemap: false } })) as Rolldown.RolldownOutput;
  chunks = new Map(built.output.filter((file) => file.type === "chunk").map((chunk) => [chunk.fileName, chunk]));
  const worker = built.output.find(({ fileName }) => fileName.includes("layout.worker-"));
  layoutWorker = String(worker?.type === "asset" ? worker.source : worker?.code);
});

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
const chunkOf = (module: string) =>
  [...chunks.values()].filter(({ moduleIds }) => moduleIds.some((id) => id.endsWith(module))).map(({ fileName }) => fileName);
const contactsPage = () => chunkOf("/web/app/pages/contacts-page.tsx");
/** The worker in which flows are laid out; it is built by itself. */
let layoutWorker: string;

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
  expect(elsewhere.filter((name) => modules.some((module) => module.includes(`/${name}`)))).toEqual([]);
});

test("the canvas of a flow stays within its budget, with the worker that lays it out", () => {
  const before = reachedFrom([...entry(), ...chunkOf("/web/app/pages/flow-page.tsx")]);
  const canvas = [...reachedFrom(chunkOf("/flow-builder/canvas/canvas.tsx"))].filter((file) => !before.has(file));
  expect(canvas).not.toEqual([]);
  expect(layoutWorker).toContain("network-simplex");
  expect(kilobytes(new Set(canvas)) + gzipSync(layoutWorker, { level: 9 }).length / 1000).toBeLessThan(budget.canvas);
});

test("the editors of e-mails stay within their budgets, and only who opens an e-mail loads them, the source when it is shown", () => {
  // The builder and the panel are there before the editor in it.
  const builder = ["/web/app/pages/flow-page.tsx", "/flow-builder/builder.tsx", "/nodes/send-email/panel.tsx"];
  const flowPage = reachedFrom([...entry(), ...builder.flatMap(chunkOf)]);
  const loadedFor = (module: string, before: Set<string>) => new Set([...reachedFrom(chunkOf(module))].filter((file) => !before.has(file)));
  const rich = loadedFor("/ui/rich-text/rich-text.tsx", flowPage);
  // Whether the rich editor holds an e-mail is asked before its source is shown.
  const source = loadedFor("/ui/code-field.tsx", new Set([...flowPage, ...rich]));
  expect(kilobytes(rich)).toBeLessThan(budget.richText);
  expect(kilobytes(source)).toBeLessThan(budget.source);
  const modulesOf = (files: Set<string>) => [...files].flatMap((file) => chunks.get(file)?.moduleIds ?? []);
  const editors = (modules: string[]) => modules.filter((module) => /node_modules\/(@tiptap|prosemirror-|@codemirror|@lezer)/.test(module));
  expect(editors(modulesOf(rich))).not.toEqual([]);
  expect(modulesOf(rich).filter((module) => module.includes("node_modules/@codemirror"))).toEqual([]);
  const panels = reachedFrom([...entry(), ...chunkOf("/nodes/send-email/panel.tsx"), ...chunkOf("/flow-builder/builder.tsx")]);
  expect(modulesOf(panels).some((module) => module.endsWith("/nodes/send-email/panel.tsx"))).toBe(true);
  for (const page of ["flows", "flow", "contacts", "execution", "send"])
    expect(editors(modulesOf(reachedFrom([...entry(), ...chunkOf(`/web/app/pages/${page}-page.tsx`)]))), page).toEqual([]);
  expect(editors(modulesOf(panels))).toEqual([]);
});

test.each(["flows", "flow", "execution", "send"])(
  "the %s page loads neither the canvas nor what lays it out until a flow is drawn",
  (page) => {
    const modules = [...reachedFrom([...entry(), ...chunkOf(`/web/app/pages/${page}-page.tsx`)])].flatMap(
      (file) => chunks.get(file)?.moduleIds ?? [],
    );
    expect(modules.some((module) => module.includes(`/${page}-page.tsx`))).toBe(true);
    expect(modules.filter((module) => /node_modules\/(@xyflow|@dagrejs)\//.test(module))).toEqual([]);
  },
);
