import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FlowNode, flowLimits } from "#contract/flows.ts";
import { chain, edge, email, graph, node, sms, wait } from "#test/graphs.ts";
import { findEntry } from "./find-entry.ts";
import { validateFlow } from "./validate-flow.ts";

const codes = (value: unknown) => validateFlow(value).map(({ code }) => code);
const choose = node("condition", { branches: [{ id: "yes", tests: [{ field: "email", operator: "is_not_empty" }] }] });

describe("refuses", () => {
  test.each([undefined, null, 5, "flow", [], {}, { nodes: [] }, { nodes: {}, edges: [] }])("what is not a graph: %o", (value) => {
    expect(codes(value)).toEqual(["malformed"]);
  });

  test("nodes and edges without an id, naming each", () => {
    const problems = validateFlow({ nodes: [null, 5, {}, { id: "" }, { id: "x".repeat(101), type: "end" }], edges: [null, { id: "e" }] });
    expect(problems.map(({ code }) => code)).toEqual(Array(7).fill("malformed"));
    expect(problems[1]?.message).toContain("Step 2");
  });

  test("data keys that are no names, and one key for two nodes", () => {
    const keyed = (id: string, key: unknown) => ({ ...sms("Hi", {}, id), data: { config: { text: "Hi" }, key } });
    const keys = ["first", "first", "First", "1st", "a b", "a".repeat(41), 5, "", null, undefined];
    const problems = validateFlow(chain(node("start"), ...keys.map((key, index) => keyed(`n${index}`, key) as ReturnType<typeof sms>)));
    expect(problems.map(({ code, nodeId }) => [code, nodeId])).toEqual(["n1", "n2", "n3", "n4", "n5", "n6"].map((id) => ["bad_key", id]));
  });

  test("an unknown type, a node without configuration, and every mistake of a wrong one", () => {
    const problems = validateFlow(chain(node("start"), node("telepathy"), node("send_sms"), email("", { text: "{{" })));
    expect(problems.map(({ code, nodeId }) => [code, nodeId])).toEqual([
      ["unknown_node_type", "telepathy"],
      ["missing_config", "send_sms"],
      ["bad_config", "email"],
      ["bad_merge_field", "email"],
    ]);
  });

  test("ids that are used twice", () => {
    const value = graph([node("start"), sms(), sms()], "start > sms", "start > sms");
    expect(codes(value)).toEqual(["duplicate_node", "duplicate_edge", "double_exit"]);
  });

  test("edges that come from nowhere or lead nowhere", () => {
    expect(codes(graph([node("start"), sms()], "start > sms", "ghost > sms", "sms > ghost"))).toEqual(["dangling_edge", "dangling_edge"]);
  });

  test("an exit that a node does not have, an edge out of an end, and an exit that is not a name", () => {
    const value = graph([node("start"), sms(), node("end")], "start > sms", "sms:maybe > end", "end > sms");
    expect(codes(value)).toEqual(["unknown_exit", "unknown_exit", "unreachable"]);
    expect(codes({ ...value, edges: [{ ...edge("start > sms"), sourceHandle: { toString: 1 } }] })).toContain("unknown_exit");
  });

  test("an edge out of a condition that does not say which branch", () => {
    expect(codes(graph([node("start"), choose, sms()], "start > condition", "condition > sms"))).toContain("unknown_exit");
  });

  test("two edges out of one exit, also where one of them names it and the other does not", () => {
    expect(codes(graph([node("start"), sms(), email()], "start > sms", "start:next > email"))).toContain("double_exit");
  });

  test("two ways for everybody else: as a branch of that name, or as two edges", () => {
    const tests = [{ field: "email", operator: "is_not_empty" }];
    const named = node("condition", {
      branches: [
        { id: "yes", tests },
        { id: "otherwise", tests },
      ],
    });
    expect(codes(chain(node("start"), named))).toEqual(["bad_config"]);
    const drawn = [edge("start > condition"), edge("condition:otherwise > sms"), edge("condition:otherwise > email")];
    expect(codes({ nodes: [node("start"), choose, sms(), email()], edges: drawn })).toContain("double_exit");
  });

  test("two starts, and no start where two nodes could be the first", () => {
    expect(codes(graph([node("start"), node("start", {}, "other"), sms()], "start > sms"))).toEqual(["several_starts", "several_starts"]);
    expect(codes(graph([sms(), email()]))).toEqual(["no_start"]);
    expect(codes(graph([sms(), email()], "sms > email", "email > sms"))).toContain("no_start");
  });

  test("a loop without a rest of a minute, however it is built", () => {
    expect(codes(graph([node("start"), sms()], "start > sms", "sms > sms"))).toEqual(["cycle_without_wait"]);
    expect(codes(graph([node("start"), sms(), wait(59)], "start > sms", "sms > delay", "delay > sms"))).toEqual(["cycle_without_wait"]);
    expect(codes(graph([node("start"), sms(), email()], "start > sms", "sms > email", "email > start"))).toEqual(["cycle_without_wait"]);
    const two = graph(
      [node("start"), choose, sms(), wait(60), email()],
      "start > condition",
      "condition:yes > sms",
      "sms > delay",
      "delay > sms",
      "condition:otherwise > email",
      "email > email",
    );
    expect(validateFlow(two).map(({ code, nodeId }) => [code, nodeId])).toEqual([["cycle_without_wait", "email"]]);
  });

  test("more nodes, edges, text, depth and properties than allowed, and forbidden names", () => {
    expect(codes(graph(Array.from({ length: flowLimits.nodes + 1 }, (_, i) => sms("x", {}, `n${i}`))))).toEqual(["too_large"]);
    expect(codes({ nodes: [node("start")], edges: Array.from({ length: flowLimits.edges + 1 }, () => edge("start > start")) })).toEqual([
      "too_large",
    ]);
    expect(codes(chain(node("start"), { ...sms(), data: { note: "x".repeat(flowLimits.nodeText + 1) } }))).toEqual(["too_large"]);
    expect(codes(graph(Array.from({ length: 40 }, (_, i) => ({ ...sms("x", {}, `n${i}`), data: { note: "x".repeat(30_000) } }))))).toEqual([
      "too_large",
    ]);
    let deep: unknown = 1;
    for (let i = 0; i < 50_000; i += 1) deep = [deep];
    expect(codes(chain({ ...node("start"), data: { deep } }))).toEqual(["too_large"]);
    expect(codes(chain({ ...node("start"), data: { many: Array(flowLimits.keys + 1).fill(0) } }))).toEqual(["too_large"]);
    expect(codes(JSON.parse('{"nodes":[{"id":"a","type":"start","data":{"__proto__":{"admin":true}}}],"edges":[]}'))).toEqual([
      "malformed",
    ]);
    expect(codes(chain({ ...node("start"), data: JSON.parse('{"constructor":1}') }))).toEqual(["malformed"]);
  });
});

describe("takes", () => {
  test("an empty draft, a chain, a branch, and optional exits with and without edges", () => {
    expect(codes({ nodes: [], edges: [] })).toEqual([]);
    expect(codes(chain(node("start"), sms(), wait(5), email(), node("end")))).toEqual([]);
    expect(
      codes(graph([node("start"), choose, sms(), email()], "start > condition", "condition:yes > sms", "condition:otherwise > email")),
    ).toEqual([]);
    expect(codes(graph([node("start"), sms(), email()], "start > sms", "sms:failed > email"))).toEqual([]);
  });

  test("a flow without a typed start where only one node can be the first", () => {
    const value = chain(sms(), email());
    expect(codes(value)).toEqual([]);
    expect(findEntry(value)).toBe("sms");
  });

  test("a loop that rests for a minute, or until an hour of the day", () => {
    expect(codes(graph([node("start"), sms(), wait(60)], "start > sms", "sms > delay", "delay > sms"))).toEqual([]);
    const daily = node("delay", { mode: "until_time", time: "09:00" });
    expect(codes(graph([node("start"), sms(), daily], "start > sms", "sms > delay", "delay > sms"))).toEqual([]);
  });

  test("a node that nothing leads to, with a warning", () => {
    expect(validateFlow(graph([node("start"), sms(), email()], "start > sms"))).toEqual([
      { severity: "warning", code: "unreachable", message: expect.any(String), nodeId: "email", fix: expect.anything() },
    ]);
  });
});

// A check whose work grew faster than the graph would run into the time limit of the test.
test("refuses 5,000 nodes, and answers for the largest allowed graphs", () => {
  const large = chain(...Array.from({ length: 5_000 }, (_, i) => sms("x", {}, `n${i}`)));
  expect(codes(large)).toEqual(["too_large", "too_large"]);
  const allowed = chain(node("start"), ...Array.from({ length: flowLimits.nodes - 1 }, (_, i) => sms("x", {}, `n${i}`)));
  expect(codes(allowed)).toEqual([]);
  const jumps = Array.from({ length: flowLimits.nodes - 1 }, (_, i) =>
    node("go_to", { target: "start", times: 100, pauseSeconds: 60 }, `n${i}`),
  );
  expect(codes(graph([node("start"), ...jumps], "start > n0", ...jumps.slice(1).map((_, i) => `n${i}:limit_reached > n${i + 1}`)))).toEqual(
    [],
  );
});

test("finds something to say about any graph, and never throws", () => {
  const anything = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("id", "type", "config", "branches", "tests", "__proto__")), tie("value"), {
        maxKeys: 5,
      }),
    ),
  })).value;
  const id = fc.constantFrom("a", "b", "c", "d");
  const nodes = fc.record(
    {
      id: fc.oneof(id, anything),
      type: fc.oneof(fc.constantFrom("start", "send_sms", "delay", "condition", "end"), anything),
      data: fc.oneof(fc.record({ config: anything }), anything),
    },
    { requiredKeys: [] },
  );
  const edges = fc.record(
    { id: fc.oneof(fc.string(), anything), source: fc.oneof(id, anything), target: fc.oneof(id, anything), sourceHandle: anything },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.oneof(anything, fc.record({ nodes: fc.array(fc.oneof(nodes, anything)), edges: fc.array(fc.oneof(edges, anything)) })),
      (value) => {
        for (const problem of validateFlow(value)) expect(problem.message).not.toBe("");
      },
    ),
    { numRuns: 1_000 },
  );
});

describe("a step that is switched off", () => {
  const off = (one: FlowNode): FlowNode => ({ ...one, data: { ...one.data, off: true } });
  const codes = (...nodes: FlowNode[]) => validateFlow(chain(node("start"), ...nodes)).map(({ code }) => code);

  test("does not rest, so a loop needs another delay", () => {
    const pause = node("go_to", { target: "sms", times: 2, pauseSeconds: 0 });
    expect(codes(sms("Hi"), wait(3600), pause)).not.toContain("cycle_without_wait");
    expect(codes(sms("Hi"), off(wait(3600)), pause)).toContain("cycle_without_wait");
  });

  test("leads back nowhere, so there is no loop", () => {
    const back = node("go_to", { target: "sms", times: 2, pauseSeconds: 0 });
    expect(codes(sms("Hi"), back)).toContain("cycle_without_wait");
    expect(codes(sms("Hi"), off(back))).not.toContain("cycle_without_wait");
  });
});

describe("a flow that is as large as may be", () => {
  const items = Array.from({ length: 300 }, (_, n) => ({
    group: "custom" as const,
    path: `custom.field_${n}`,
    label: `field_${n}`,
    filled: 1,
    looked: 2,
    choices: Array.from({ length: 90 }, (_, k) => `choice ${k}`),
  }));
  const catalogue = { contacts: { looked: 2, isSample: false }, items } as never;
  const problemsOf = (...nodes: FlowNode[]) => validateFlow(chain(node("start"), ...nodes), undefined, { advises: true, catalogue });
  const upTo = (characters: number, piece: (n: number) => string) => {
    let text = "";
    for (let n = 0; text.length < characters; n += 1) text += piece(n);
    return text;
  };
  const mails = (piece: (n: number) => string) =>
    Array.from({ length: 8 }, (_, m) => email("Subject", { html: upTo(90_000, (n) => piece(m * 100_000 + n)) }, `m${m}`));

  // Each of these took minutes, in which the server answered nobody.
  test.each<[string, (n: number) => string]>([
    ["names that nobody has", (n) => `{{ name${n.toString(36)} }}`],
    ["names of variables that nothing sets", (n) => `{{ variables.v${n.toString(36)} }}`],
    ["links to unknown fields", (n) => `<a href="https://a.test/{{ f${n.toString(36)} }}">a</a>`],
    ["signs that begin no tag", () => "<"],
  ])("is told about %s, and not about each of them", (_what, piece) => {
    const problems = problemsOf(...mails(piece));
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThan(200);
  });

  test("is refused where it names more fields than a person could", () => {
    expect(problemsOf(...mails((n) => `{{ name${n.toString(36)} | default: 'x' }}`))).toContainEqual(
      expect.objectContaining({ severity: "error", code: "too_large", nodeId: expect.any(String) }),
    );
  });

  test("is told of ten values that nobody has in each condition", () => {
    const value = Array.from({ length: 100 }, (_, n) => `choicf ${n}x`);
    const tests = Array.from({ length: 10 }, () => ({ field: "custom.field_7", operator: "in", value }));
    const conditions = Array.from({ length: 40 }, (_, n) =>
      node("condition", { branches: [{ id: "yes", label: "", match: "all", tests }] }, `c${n}`),
    );
    const told = problemsOf(...conditions).filter(({ code }) => code === "value_unknown");
    expect(told).toHaveLength(400);
  });

  test("has an error behind many warnings told all the same", () => {
    const doubtful = upTo(3_000, (n) => `{{ firstnam${"abcdefgh"[n % 8]} | default: '${n}' }}`);
    const codes = problemsOf(sms(`${doubtful}{{ contact.firstnme }}`)).map(({ code }) => code);
    expect(codes).toContain("unknown_field");
  });
});
