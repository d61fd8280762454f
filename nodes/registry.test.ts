import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { NodeDefinition } from "#contract/node-definition.ts";
import { nodeDefinitions } from "./definitions.ts";
import { nodeExecutors } from "./executors.ts";
import { textsAt } from "./graph/texts-at.ts";
import { nodeRegistry } from "./registry.ts";

const folder = import.meta.dirname;
const definitions: [string, NodeDefinition][] = Object.entries(nodeDefinitions);

describe.each(definitions)("%s", (name, definition) => {
  test("is registered under its own type", () => expect(definition.type).toBe(name));

  test("has defaults that its own schema takes", () => {
    expect(definition.config.safeParse(definition.defaults)).toMatchObject({ success: true });
  });

  test("has exits with different names, the usual one first and not optional", () => {
    const exits = definition.exits(definition.config.parse(definition.defaults));
    expect(new Set(exits.map(({ handle }) => handle)).size).toBe(exits.length);
    expect(exits[0]?.optional ?? false).toBe(false);
  });

  test("has an executor and, in its folder, a definition, an executor and a test", () => {
    expect(Object.keys(nodeExecutors)).toContain(name);
    const own = name.replaceAll("_", "-");
    for (const file of ["definition.ts", "executor.ts", `${own}.test.ts`]) expect(existsSync(join(folder, own, file)), file).toBe(true);
  });

  test("declares the keys of its results, and which of them are personal", () => {
    const { output, personal } = definition;
    expect(output.safeParse({}).success, "every key is optional").toBe(true);
    const declared = Object.keys(output.shape);
    expect(declared).toEqual(expect.arrayContaining([...personal]));
    // If authors may name keys of the result, keys that the node does not declare always count as personal.
    if (!output.def.catchall || output.def.catchall._zod.def.type === "never")
      expect(output.safeParse({ undeclared: 1 }).success).toBe(false);
    expect(definition.describeResult({}, { isWaiting: false })).toEqual([]);
  });

  test("declares where its settings name the nodes that it jumps to", () => {
    const config = definition.config.parse(definition.defaults);
    const named = textsAt(config, definition.names?.nodes ?? []).map(({ text }) => text);
    expect(Object.values(definition.jumps?.(config) ?? {}).toSorted()).toEqual(named.toSorted());
  });

  test("can be sent with its defaults, after a start", () => {
    const node = { id: "a", type: name, position: { x: 0, y: 0 }, data: { config: definition.defaults } };
    const start = { id: "start", type: "start", position: { x: 0, y: 0 }, data: {} };
    const flow =
      name === "start" ? { nodes: [node], edges: [] } : { nodes: [start, node], edges: [{ id: "e", source: "start", target: "a" }] };
    // Which flow is to be started, nobody can choose beforehand.
    expect(nodeRegistry.validateFlow(flow).filter(({ code }) => code !== "flow_missing")).toEqual([]);
  });
});

test("every folder with a definition is registered, and the other rooms hold no half of a node type", () => {
  const folders = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []));
  const types = folders.filter((name) => existsSync(join(folder, name, "definition.ts")));
  expect(types.map((name) => name.replaceAll("-", "_")).sort()).toEqual(Object.keys(nodeDefinitions).sort());
  for (const room of folders.filter((name) => !types.includes(name))) {
    for (const file of ["executor.ts", "form.tsx"]) expect(existsSync(join(folder, room, file)), `${room}/${file}`).toBe(false);
  }
});
