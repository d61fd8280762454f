import { describe, expect, test } from "vitest";
import { readFlowFile } from "./read-flow-file.ts";

const step = (id: unknown, more: object = {}) => ({ id, type: "end", position: { x: 0, y: 0 }, data: {}, ...more });
const told = (file: string | Record<string, unknown>) => readFlowFile(file).problems?.map(({ path, message }) => `${path}: ${message}`);
const deep = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`);

describe("a file is refused", () => {
  test.each([
    ["", "file: It is empty."],
    ["{ nodes: [", expect.stringMatching(/^file: It is not JSON: .*position/)],
    ["[1, 2]", "file: It holds no flow: a flow is an object with a list of nodes."],
    ["null", "file: It holds no flow: a flow is an object with a list of nodes."],
    ['{"nodes": "a"}', "file: It holds no flow: nodes and edges must be lists."],
    ['{"nodes": [], "edges": {}}', "file: It holds no flow: nodes and edges must be lists."],
    ['{"nodes": []}', "file: It holds no steps."],
    ['{"sluice": "flow-part", "nodes": []}', expect.stringContaining("copied steps")],
    ['{"sluice": "flow", "version": 2, "nodes": []}', expect.stringContaining("newer version")],
  ])("%j", (file, problem) => expect(told(file)).toEqual([problem]));

  test("with everything that is wrong with its steps and connections at once", () => {
    const nodes = [
      step("a"),
      step("a"),
      "no step",
      step(""),
      step("x".repeat(101)),
      { type: "end" },
      JSON.parse('{"id":"p","type":"end","data":{"__proto__":{"admin":true}}}'),
      step("deep", { data: deep(30) }),
      step("keys", { data: Object.fromEntries(Array.from({ length: 2001 }, (_, index) => [`k${index}`, 1])) }),
      step("html", { type: "send_email", data: { config: { html: "x".repeat(140_000) } } }),
      step("nul", { data: { label: "a\0b" } }),
      step("half", { data: { label: "\ud800" } }),
    ];
    const edges = [{ id: "e", source: "a", target: "a" }, { id: "e", source: "a", target: "b" }, { id: "f", source: "a" }, 7];
    const all = told(JSON.stringify({ nodes, edges }).replace('"data":{}}', '"data":{}}')) ?? [];
    for (const part of [
      "nodes.a: Step 2 has the id “a”",
      "nodes.2: Step 3 is not an object",
      "nodes.: Step 4 has no id",
      "Step 5 has no id, or one longer than 100",
      "nodes.5: Step 6 has no id",
      "nodes.p: Step 7 has a property named __proto__",
      "nodes.deep: Step 8 is nested deeper",
      "nodes.keys: Step 9 has more than 2,000 properties",
      "nodes.html: Step 10 holds more than 128 KiB",
      "nodes.nul: Step 11 holds a character",
      "nodes.half: Step 12 holds a character",
      "edges.e: Connection 2 has the id “e”",
      "edges.f: Connection 3 does not say which steps it connects",
      "edges.3: Connection 4 is not an object",
      // And what is wrong with the flow itself.
      "edges.e: ",
    ]) {
      expect(all.filter((problem) => problem.includes(part)).length, part).toBeGreaterThan(0);
    }
  });

  test("because of duplicate ids, and tells the ring, the foreign exit and the loose end in the same answer", () => {
    const delay = (id: string) => step(id, { type: "delay", data: { config: { mode: "duration", amount: 1, unit: "seconds" } } });
    const branches = [{ id: "yes", tests: [{ field: "email", operator: "is_not_empty" }] }];
    const condition = step("if", { type: "condition", data: { config: { branches } } });
    const nodes = [step("s", { type: "start" }), delay("a"), delay("b"), delay("b"), condition];
    const edges = [
      { id: "1", source: "s", target: "a" },
      { id: "2", source: "a", target: "b" },
      { id: "3", source: "b", target: "a" },
      { id: "4", source: "if", target: "a", sourceHandle: "elsewhere" },
      { id: "5", source: "a", target: "gone" },
    ];
    const all = (told({ nodes, edges }) ?? []).join("\n");
    expect(all).toContain("Step 4 has the id “b”");
    expect(all).toContain("elsewhere");
    expect(all).toContain("gone");
    expect(all).toContain("lead back to the beginning");
  });

  test("with 10,000 steps, 5 MB and other faults: each is told, and no more of them than one can read", () => {
    const nodes = Array.from({ length: 10_000 }, (_, index) => step(index % 9_000, { data: { text: "x".repeat(500) } }));
    const all = told(JSON.stringify({ nodes, edges: [] })) ?? [];
    expect(all[0]).toContain("It has 10,000 steps");
    expect(all[1]).toMatch(/It?s? steps and connections are 5,\d{3} KiB/);
    expect(all).toHaveLength(201);
    expect(all.at(-1)).toMatch(/And \d{3} more/);
  });

  test("nested too deep, with each place, and nested a million levels deep, before it is parsed", () => {
    const nested = (levels: number) =>
      `{"nodes":[{"id":"a","type":"end","data":${"[".repeat(levels)}${"]".repeat(levels)}}],"settings":${'{"a":'.repeat(levels)}1${"}".repeat(levels)}}`;
    expect(told(nested(900))).toEqual([
      expect.stringContaining("settings: The settings is nested"),
      expect.stringContaining("nodes.a: Step 1 is nested deeper"),
    ]);
    expect(told(nested(1_000_000))).toEqual(["file: It is nested deeper than 1,000 levels."]);
  });

  test("whose steps hold so many actions that it would have thousands of steps, without making them", () => {
    const actions = Array.from({ length: 700 }, () => ({ type: "sms" }));
    const nodes = Array.from({ length: 60 }, (_, n) => step(`s${n}`, { type: "action", data: { actions } }));
    expect(told({ nodes, edges: [] })).toEqual(["nodes: It has 42,000 steps; a flow has at most 500."]);
  });
});

test("a flow may stand alone, in a list of one, or under a name, with a byte order mark before it", () => {
  const flow = { id: "abc", workspace_id: "w", name: " Welcome ", nodes: [step("a")], status: "active" };
  for (const file of [JSON.stringify(flow), `\uFEFF${JSON.stringify([flow])}`, JSON.stringify({ flow }), JSON.stringify({ data: flow })]) {
    expect(readFlowFile(file).content).toMatchObject({
      name: "Welcome",
      nodes: flow.nodes,
      edges: [],
      settings: {},
      isOurs: false,
      others: { status: "active" },
    });
  }
});

test("integers that a number would round stay as they are written", () => {
  const { content } = readFlowFile('{"nodes":[{"id":"a","type":"end","data":{"order":7615917337495251231}}]}');
  expect(content?.nodes[0]?.data).toEqual({ order: "7615917337495251231" });
});
