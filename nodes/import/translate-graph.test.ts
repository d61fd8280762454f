import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FlowEdge, FlowNode } from "#contract/flows.ts";
import { randomFlow } from "#test/random-flow.ts";
import { validateFlow } from "../graph/validate-flow.ts";
import type { Raw } from "./raw-values.ts";
import { restoreGraph } from "./restore-graph.ts";
import { translateGraph } from "./translate-graph.ts";

const place = { x: 10, y: 20 };
const translate = (nodes: Raw[], edges: Raw[] = []) => translateGraph({ nodes, edges });
/** The translated first node, without how it came in. */
const only = (node: Raw) => {
  const [{ type, data }] = translate([{ id: "a", position: place, ...node }]).nodes as [{ type: string; data: Raw }];
  const { cameInAs: _cameInAs, ...rest } = data;
  return { type, ...rest } as Raw & { type: string };
};
const tellsOf = (kind: string, nodes: Raw[], edges: Raw[] = []) =>
  translate(nodes, edges)
    .lines.filter((line) => line.kind === kind)
    .map(({ message }) => message);

describe("what is not known for sure is not guessed", () => {
  test("a type without a counterpart stays as it came in, keeps the flow from being published, and is told", () => {
    const node = { id: "a", type: "ringless_voicemail", position: place, data: { audio: "hello.mp3", label: "Voice" } };
    const { nodes, lines } = translate([node]);
    expect(nodes).toEqual([node]);
    expect(lines).toMatchObject([{ kind: "choice", nodeId: "a", message: expect.stringContaining("ringless_voicemail") }]);
    expect(validateFlow({ nodes, edges: [] }).map(({ code }) => code)).toContain("unknown_node_type");
  });

  test("an action in a frame without a counterpart is called by its name, with its settings", () => {
    expect(only({ type: "action", data: { label: "Ada", actionType: "assign_agent", config: { agent: 7 } } })).toEqual({
      type: "assign_agent",
      label: "Ada",
      config: { agent: 7 },
    });
  });

  test("a connection that names no branch, or one that is not there, stays as it is", () => {
    const condition = {
      id: "if",
      type: "condition",
      position: place,
      data: {
        branches: [
          { id: "b1", conditions: [{ field: "email", operator: "is_not_empty" }] },
          { id: "b2", conditions: [{ field: "phone", operator: "is_empty" }] },
        ],
      },
    };
    const nodes = [condition, { id: "x", type: "end", position: place, data: {} }];
    const edges = [
      { id: "e1", source: "if", target: "x" },
      { id: "e2", source: "if", target: "x", sourceHandle: "elsewhere" },
      { id: "e3", source: "if", target: "x", sourceHandle: "yes" },
    ];
    const made = translate(nodes, edges);
    expect(made.edges).toEqual(edges);
    expect(
      validateFlow(made)
        .filter(({ code }) => code === "unknown_exit")
        .map(({ edgeId }) => edgeId),
    ).toEqual(["e1", "e2", "e3"]);
  });

  test("a wait without a unit, until a fixed date, and a smart delay ask for a choice", () => {
    expect(tellsOf("choice", [{ id: "a", type: "wait", data: { config: { amount: 5 } } }])).toEqual([
      expect.stringContaining("minutes, hours, days or weeks"),
    ]);
    expect(tellsOf("choice", [{ id: "a", type: "until_time", data: { targetDate: "2026-05-01T09:00:00Z" } }])).toEqual([
      expect.stringContaining("no step like"),
    ]);
    expect(tellsOf("choice", [{ id: "a", type: "smart-delay", data: { amount: 5, unit: "days" } }])).toEqual([
      expect.stringContaining("smart delay"),
    ]);
  });

  test("a check of the lead status within a step is told, because nothing here does it", () => {
    const data = { text: "Hi", leadStatusCheck: { enabled: true, allowedStatuses: ["New", "Warm"] } };
    expect(tellsOf("choice", [{ id: "a", type: "send-message", data }])).toEqual([expect.stringContaining("New, Warm")]);
  });

  test("a jump beside a connection that leads elsewhere is told, and the connection counts", () => {
    const branch = { id: "b", conditions: [{ field: "email", operator: "is_not_empty" }], nextStepId: "y" };
    const nodes = [
      { id: "if", type: "condition", data: { branches: [branch] } },
      { id: "x", type: "end" },
      { id: "y", type: "end" },
    ];
    const { edges, lines } = translate(nodes, [{ id: "e", source: "if", target: "x", sourceHandle: "b" }]);
    expect(edges).toHaveLength(1);
    expect(lines.filter(({ kind }) => kind === "choice")).toMatchObject([
      { nodeId: "if", message: expect.stringContaining("The connection counts") },
    ]);
  });
});

describe("every spelling means the same", () => {
  const sms = { type: "send_sms", config: { text: "Hi {{ firstname }}" } };
  test.each([
    { type: "send-message", data: { text: "Hi {{ firstname }}" } },
    { type: "send_message", data: { config: { message: "Hi {{ firstname }}" } } },
    { type: "sendMessage", data: { configuration: { messageText: "Hi {{ firstname }}" } } },
    { type: "action", data: { actionType: "send-message", config: { content: "Hi {{ firstname }}" } } },
    { type: "action", data: { action_type: "send_message", configuration: { text: "Hi {{ firstname }}" } } },
    { type: "action", data: { actions: [{ type: "send-message", config: { text: "Hi {{ firstname }}" } }] } },
    { type: "message", data: { content: "Hi {{ firstname }}" } },
  ])("of an SMS: %j", (node) => expect(only(node)).toEqual(sms));

  test.each([
    [
      { type: "delay", data: { delay: 90 } },
      { amount: 90, unit: "minutes" },
    ],
    [
      { type: "wait", data: { amount: 2, unit: "Days" } },
      { amount: 2, unit: "days" },
    ],
    [
      { type: "wait-delay", data: { config: { timeValue: "3", timeUnit: "hrs" } } },
      { amount: 3, unit: "hours" },
    ],
    [
      { type: "delay", data: { duration: { value: 1.5, unit: "hours" } } },
      { amount: 90, unit: "minutes" },
    ],
    [
      { type: "action", data: { actionType: "delay", config: { hours: 4 } } },
      { amount: 4, unit: "hours" },
    ],
    [
      { type: "delay", data: { config: { delay_amount: 2, delay_unit: "weeks" } } },
      { amount: 2, unit: "weeks" },
    ],
  ])("of a delay: %j", (node, config) => expect(only(node)).toEqual({ type: "delay", config: { mode: "duration", ...config } }));

  test.each([
    [{ type: "until_time", data: { time: "9 PM" } }, "21:00"],
    [{ type: "until-message-job", data: { config: { timeOfDay: "07:30:00" } } }, "07:30"],
  ])("of a wait until an hour: %j", (node, time) => expect(only(node).config).toEqual({ mode: "until_time", time, zone: "contact" }));

  test("of a condition: operators, branches, fields, and the exits that connections name", () => {
    const branches = [
      {
        id: "b1",
        label: "Warm",
        operator: "OR",
        conditions: [
          { field: "leadStatus", operator: "equals", value: "Warm" },
          { field: "custom.Company Name", operator: "not-contains", value: "x", caseSensitive: true },
        ],
      },
      {
        id: "b2",
        name: "Paying",
        logicOperator: "AND",
        conditions: [
          { field: "plan", operator: "in", value: "pro, team" },
          { field: "email", operator: "isEmpty", value: "" },
        ],
      },
    ];
    const nodes = [
      { id: "if", type: "if-else", position: place, data: { label: "Who?", branches, otherwiseAction: "continue" } },
      { id: "x", type: "end", data: {} },
    ];
    const edges = ["b1", "Paying", "else"].map((sourceHandle, index) => ({
      id: `e${index}`,
      source: "if",
      target: "x",
      sourceHandle,
      data: { note: "why" },
    }));
    const made = translate(nodes, edges);
    expect(made.nodes[0]).toMatchObject({
      type: "condition",
      data: {
        label: "Who?",
        config: {
          branches: [
            {
              id: "b1",
              label: "Warm",
              match: "any",
              tests: [
                { field: "lead_status", operator: "is", value: "Warm" },
                { field: 'custom["Company Name"]', operator: "not_contains", value: "x", caseSensitive: true },
              ],
            },
            {
              id: "b2",
              label: "Paying",
              match: "all",
              tests: [
                { field: "custom.plan", operator: "in", value: ["pro", "team"] },
                { field: "email", operator: "is_empty" },
              ],
            },
          ],
        },
      },
    });
    expect(made.edges.map(({ sourceHandle }) => sourceHandle)).toEqual(["b1", "b2", "otherwise"]);
    expect(made.edges.every(({ data }) => (data as Raw).note === "why")).toBe(true);
    expect(made.lines.filter(({ kind }) => kind === "choice")).toEqual([]);
  });

  test.each<[string, Raw, Raw | undefined]>([
    ["an operator by another name", { operation: "not_equals", value: "Customer" }, { operator: "is_not", value: "Customer" }],
    ["a type of operator", { operatorType: "notEquals", value: "Customer" }, { operator: "is_not", value: "Customer" }],
    ["a test that is denied", { operator: "equals", value: "Customer", negate: true }, undefined],
    ["a key that nobody knows", { how: "unlike", value: "Customer" }, { operator: "how", value: "Customer" }],
  ])("of a condition is never turned round: %s", (_, given, expected) => {
    const made = translate([{ id: "if", type: "condition", data: { conditions: [{ field: "leadStatus", ...given }] } }], []);
    const test = expected
      ? { field: "lead_status", ...expected }
      : { match: "none", tests: [{ field: "lead_status", operator: "is", value: "Customer" }] };
    expect((made.nodes[0] as { data: { config: Raw } }).data.config).toMatchObject({ branches: [{ match: "all", tests: [test] }] });
    expect(made.lines.some(({ kind, message }) => kind === "choice" && message.includes("how"))).toBe("how" in given);
  });

  test.each([
    ["none", 2, "none"],
    ["NOT", 1, "none"],
    ["NOT", 2, "NOT"],
    ["xor", 2, "xor"],
    ["Any of", 2, "any"],
    ["&&", 2, "all"],
  ])("of a condition go together as they say: %s of %i tests", (logic, count, match) => {
    const conditions = Array.from({ length: count }, (_, index) => ({ field: "email", operator: "contains", value: `${index}` }));
    const made = translate([{ id: "if", type: "condition", data: { logic, conditions } }], []);
    expect((made.nodes[0] as { data: { config: Raw } }).data.config).toMatchObject({ branches: [{ match }] });
  });

  test("of a condition with one test, whose exits are yes and no", () => {
    const nodes = [
      { id: "if", type: "condition", data: { field: "email", operator: "exists" } },
      { id: "x", type: "end" },
    ];
    const edges = ["true", "false"].map((sourceHandle) => ({ id: sourceHandle, source: "if", target: "x", sourceHandle }));
    expect(translate(nodes, edges).edges.map(({ sourceHandle }) => sourceHandle)).toEqual(["yes", "otherwise"]);
  });

  test("of a branch that names the step to jump to", () => {
    const branches = [{ id: "b", conditions: [{ field: "email", operator: "exists" }], jumpTo: "x" }];
    const made = translate([
      { id: "if", type: "condition", data: { branches } },
      { id: "x", type: "end" },
    ]);
    expect(made.edges).toMatchObject([{ source: "if", sourceHandle: "b", target: "x" }]);
  });

  test.each([
    [{ type: "add_tag", data: { tagName: "vip" } }, "update_contact", { changes: [{ field: "tags", operation: "add_tag", value: "vip" }] }],
    [
      { type: "remove-tag", data: { config: { tags: [{ name: "a" }, "b"] } } },
      "update_contact",
      {
        changes: [
          { field: "tags", operation: "remove_tag", value: "a" },
          { field: "tags", operation: "remove_tag", value: "b" },
        ],
      },
    ],
    [{ type: "set_variable", data: { name: "Order No", value: 7 } }, "set_variable", { name: "order_no", value: "7" }],
    [{ type: "mark-dnc" }, "consent", { sms: "opt_out", email: "opt_out", doNotContact: true }],
    [{ type: "set_sms_opt_out" }, "consent", { sms: "opt_out" }],
    [{ type: "email-opt-in", data: { reason: "Form" } }, "consent", { email: "opt_in", reason: "Form" }],
    [
      { type: "send-email", data: { subject: "S", body: "<p>Hello</p><p>you &amp; me</p>" } },
      "send_email",
      { subject: "S", html: "<p>Hello</p><p>you &amp; me</p>" },
    ],
    [
      {
        type: "ab-test",
        data: {
          variants: [
            { id: "a", weight: 1 },
            { id: "b", weight: 2 },
          ],
        },
      },
      "split",
      {
        shares: [
          { id: "a", label: "", percent: 33.34 },
          { id: "b", label: "", percent: 66.66 },
        ],
      },
    ],
    [
      {
        type: "http-request",
        data: { url: "https://example.com/a", method: "get", queryParams: { q: "a b" }, auth: { type: "bearer", token: "t" } },
      },
      "webhook",
      {
        method: "GET",
        url: "https://example.com/a?q=a%20b",
        headers: [{ name: "Authorization", value: "Bearer t" }],
        body: { type: "none" },
      },
    ],
    [
      { type: "run_api_request", data: { url: "https://example.com", responseMapping: [{ path: "$.data[0].id", field: "Order Id" }] } },
      "webhook",
      {
        method: "POST",
        url: "https://example.com",
        headers: [],
        body: { type: "none" },
        fields: [{ name: "order_id", path: "data.0.id" }],
      },
    ],
    [
      { type: "trigger-flow", data: { flowId: "0198d0d0-0000-7000-8000-000000000001" } },
      "start_flow",
      { flowId: "0198d0d0-0000-7000-8000-000000000001", wait: true },
    ],
    [{ type: "go-to", data: { targetStep: "a", maxTimes: 2 } }, "go_to", { target: "a", times: 2 }],
    [{ type: "trigger", data: {} }, "start", {}],
  ])("of %j", (node, type, config) => expect(only({ data: {}, ...node })).toEqual({ type, config }));

  test("of fields in texts; what stands around them stays", () => {
    const text =
      "{{contact.FirstName|upcase}} {{LeadStatus}} {{ Company Name }} {{contact.shoe_size}} {{custom.x}} {{appointment.date}} {single}";
    expect(only({ type: "send-message", data: { text } }).config).toEqual({
      text: "{{contact.first_name|upcase}} {{lead_status}} {{ company_name }} {{contact.custom.shoe_size}} {{custom.x}} {{appointment.date}} {single}",
    });
  });
});

test("a step that did several things becomes as many steps in a row, each told by itself", () => {
  const actions = [
    { type: "add_tag", config: { tag: "new" } },
    { actionType: "assign_agent", agent: 3 },
    { type: "send-message", configuration: { text: "Hi" } },
  ];
  const nodes = [
    { id: "a", type: "action", position: place, data: { label: "First", actions } },
    { id: "a_2", type: "end", position: place, data: {} },
  ];
  const made = translate(nodes, [{ id: "e", source: "a", target: "a_2" }]);
  expect(made.nodes.map(({ id, type }) => [id, type])).toEqual([
    ["a", "update_contact"],
    ["a_2_2", "assign_agent"],
    ["a_3", "send_sms"],
    ["a_2", "end"],
  ]);
  expect(made.edges.map(({ source, target }) => `${source} ${target}`)).toEqual(["a_3 a_2", "a a_2_2", "a_2_2 a_3"]);
  expect(made.lines.filter(({ kind }) => kind === "choice")).toMatchObject([{ nodeId: "a_2_2" }]);
});

test("what nothing here reads is kept and told; a step that needs no translation is understood", () => {
  const nodes = [
    { id: "s", type: "start", position: place, data: { label: "In" } },
    {
      id: "m",
      type: "send-message",
      position: place,
      data: { text: "Hi", note: "Why", mediaUrls: ["https://example.com/a.png"], color: "red", __odd: 1 },
    },
  ];
  const { nodes: made, lines } = translate(nodes);
  expect(made[0]).toBe(nodes[0]);
  expect(made[1]).toMatchObject({
    data: { note: "Why", color: "red", __odd: 1, cameInAs: { type: "send-message", data: nodes[1]?.data } },
  });
  expect(lines.map(({ kind, nodeId }) => [kind, nodeId])).toEqual([
    ["understood", "s"],
    ["changed", "m"],
    ["without_effect", "m"],
    ["without_effect", "m"],
  ]);
  expect(lines.at(-1)?.message).toContain("color, __odd");
});

// Flows in every shape and spelling, tidy and untidy, with fields that nobody knows.

const text = fc.string({ maxLength: 12 });
const scalar = fc.oneof(text, fc.integer({ min: -5, max: 500 }), fc.boolean(), fc.constant(null));
const free = fc.dictionary(fc.stringMatching(/^[a-z][a-zA-Z_-]{0,7}$/), fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })), {
  maxKeys: 3,
});
const types = [
  "start",
  "trigger",
  "delay",
  "wait",
  "wait-delay",
  "smart_delay",
  "until_time",
  "condition",
  "if-else",
  "ab-test",
  "go-to",
  "trigger-flow",
  "subscribe_campaign",
  "send-message",
  "message",
  "send_email",
  "send-email",
  "add_tag",
  "removeTag",
  "set_variable",
  "mark-dnc",
  "sms-opt-in",
  "http-request",
  "send_webhook",
  "assign_agent",
  "ringless_voicemail",
  "end",
  "end-flow",
];
const type = fc.constantFrom(...types);
const ids = ["a", "b", "c", "d", "e", "f"];
const branch = fc.record(
  {
    id: text,
    label: text,
    conditions: fc.array(
      fc.record({ field: text, operator: fc.constantFrom("is", "isNot", "gt", "nope"), value: scalar }, { requiredKeys: [] }),
      { maxLength: 2 },
    ),
    operator: fc.constantFrom("AND", "OR"),
    nextStep: fc.constantFrom(...ids),
    isDefault: fc.boolean(),
  },
  { requiredKeys: [] },
);
const settings = fc
  .tuple(
    free,
    fc.record(
      {
        text,
        content: text,
        message: text,
        subject: text,
        body: text,
        amount: fc.integer({ min: 0, max: 99 }),
        unit: fc.constantFrom("days", "hours", "moons"),
        delay: fc.integer({ min: 0, max: 90 }),
        branches: fc.array(branch, { maxLength: 3 }),
        variants: fc.array(fc.record({ id: text, weight: fc.integer({ min: 0, max: 50 }) }, { requiredKeys: [] }), { maxLength: 3 }),
        url: text,
        tag: text,
        name: text,
        value: scalar,
        target: fc.constantFrom(...ids),
        flowId: text,
        time: fc.constantFrom("9:00", "25:00", "9 PM"),
        otherwiseAction: fc.constantFrom("stop", "continue"),
        headers: free,
      },
      { requiredKeys: [] },
    ),
  )
  .map(([some, others]) => ({ ...some, ...others }));
const around = fc.record(
  {
    label: fc.oneof(text, fc.integer()),
    note: text,
    key: fc.oneof(text, fc.integer()),
    leadStatusCheck: fc.record({ enabled: fc.boolean(), allowedStatuses: fc.array(text) }),
  },
  { requiredKeys: [] },
);
const shape = fc.oneof(
  fc.record({
    type: fc.constant("action"),
    data: fc.tuple(around, type, settings).map(([beside, actionType, config]) => ({ ...beside, actionType, config })),
  }),
  fc.record({
    type: fc.constant("action"),
    data: fc
      .tuple(around, fc.array(fc.tuple(type, settings), { minLength: 1, maxLength: 3 }))
      .map(([beside, all]) => ({ ...beside, actions: all.map(([each, configuration]) => ({ type: each, configuration })) })),
  }),
  fc.record({ type, data: fc.tuple(around, settings).map(([beside, own]) => ({ ...own, ...beside })) }),
  fc.record({ type, data: fc.tuple(around, settings).map(([beside, config]) => ({ ...beside, config })) }),
  fc.record({ type: fc.oneof(text, type), data: fc.oneof(settings, scalar) }, { requiredKeys: [] }),
);
const node = (id: string) =>
  fc
    .tuple(shape, fc.option(fc.oneof(fc.constant(place), scalar), { nil: undefined }), free)
    .map(([own, position, beside]): Raw => ({ ...beside, ...own, id: id === "f" ? 6 : id, ...(position !== undefined && { position }) }));
const edge = fc.record(
  {
    source: fc.constantFrom(...ids.slice(0, 5), 6),
    target: fc.constantFrom(...ids.slice(0, 5), 6),
    sourceHandle: fc.oneof(text, fc.constantFrom("yes", "true", "otherwise", "error", "bottom"), fc.constant(null), fc.integer()),
    type: fc.constant("smoothstep"),
    data: fc.record({ note: text, color: text, branchId: text }, { requiredKeys: [] }),
  },
  { requiredKeys: ["source", "target"] },
);
const foreign = fc.tuple(...ids.map(node), fc.array(edge, { maxLength: 9 }), fc.boolean()).map((made) => {
  const hasIds = made.at(-1) as boolean;
  const edges = (made.at(-2) as Raw[]).map((one, index) => (hasIds ? { ...one, id: `edge ${index}` } : one));
  return JSON.parse(JSON.stringify({ nodes: made.slice(0, ids.length), edges })) as { nodes: Raw[]; edges: Raw[] };
});
const ours = fc
  .tuple(fc.integer({ min: 2, max: 30 }), fc.integer())
  .map(([steps, seed]) => JSON.parse(JSON.stringify(randomFlow(steps, seed))) as { nodes: Raw[]; edges: Raw[] });

describe("of any flow in any shape", () => {
  test("what comes back is what came in", () => {
    fc.assert(
      fc.property(fc.oneof(foreign, ours), (flow) => {
        const stored = JSON.parse(JSON.stringify(translateGraph(flow)));
        expect(restoreGraph(stored)).toEqual(flow);
      }),
      { numRuns: 400 },
    );
  });

  test("every step and connection can be drawn, and translating again changes nothing", () => {
    fc.assert(
      fc.property(fc.oneof(foreign, ours), (flow) => {
        const { nodes, edges } = translateGraph(flow);
        for (const each of nodes) expect(FlowNode.safeParse({ data: {}, ...each }).success, JSON.stringify(each)).toBe(true);
        for (const each of edges) expect(FlowEdge.safeParse(each).success, JSON.stringify(each)).toBe(true);
        expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
        expect(new Set(edges.map(({ id }) => id)).size).toBe(edges.length);
        validateFlow({ nodes, edges });
      }),
      { numRuns: 300 },
    );
  });

  test("what is made of a step of several actions has an id that no other step or connection has", () => {
    const several = (id: string) => ({ id, type: "action", position: place, data: { actions: [{ type: "sms" }, { type: "sms" }] } });
    const long = "x".repeat(99);
    const sources = ["a", "a_2", "a_2_2", `p${long}`, `q${long}`].map(several);
    const given = [
      { id: "a-a_2_2", source: "a", target: "a_2" },
      { source: "a_2", target: "a" },
      { source: "a_2", target: "a" },
    ];
    const { nodes, edges } = translateGraph({ nodes: sources, edges: given });
    expect(nodes).toHaveLength(10);
    for (const all of [nodes, edges]) expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const each of nodes) expect(FlowNode.safeParse({ data: {}, ...each }).success, JSON.stringify(each)).toBe(true);
    expect(restoreGraph({ nodes, edges })).toEqual({ nodes: sources, edges: given });
  });

  test("a flow of Sluice is understood as it is", () => {
    fc.assert(
      fc.property(ours, (flow) => {
        const { nodes, edges, lines } = translateGraph(flow);
        expect({ nodes, edges }).toEqual(flow);
        expect(lines.every(({ kind }) => kind === "understood")).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

test("a step that was changed since stands in its new form; the others come back as they came in", () => {
  const nodes = [
    { id: "a", type: "send-message", position: place, data: { text: "One" } },
    { id: "b", type: "send-message", position: place, data: { text: "Two" } },
  ];
  const edges = [{ id: "e", source: "a", target: "b", sourceHandle: "bottom" }];
  const stored = translate(nodes, edges);
  const [first, second] = stored.nodes as [Raw, Raw];
  const edited = { ...first, data: { ...(first.data as Raw), config: { text: "Changed" } } };
  const back = restoreGraph({ nodes: [edited, second], edges: stored.edges });
  expect(back.nodes).toEqual([edited, nodes[1]]);
  expect(back.edges).toEqual(stored.edges);
});
