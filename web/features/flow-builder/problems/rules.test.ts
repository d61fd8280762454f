import { describe, expect, test } from "vitest";
import type { FlowDraft } from "#contract/flow-drafts.ts";
import { type ProblemCode, problemCodes, serverProblems } from "#contract/flow-problems.ts";
import { type FlowGraph, type FlowNode, type FlowProblem, flowLimits } from "#contract/flows.ts";
import { validateFlow } from "#nodes/graph/validate-flow.ts";
import { chain, edge, email, graph, node, sms, wait } from "#test/graphs.ts";
import { createDraftStore } from "../draft/draft-store.ts";
import { applyFix, replaceField } from "./apply-fix.ts";

const today = "2026-11-29";
const problemsOf = ({ nodes, edges }: FlowGraph) => validateFlow({ nodes, edges }, undefined, { advises: true, today });

/** A flow that shows a rule. `at`: the place that a click leads to. `fix`: what its button says, where there is one. */
interface Shown {
  flow: FlowGraph;
  at?: Partial<FlowProblem>;
  fix?: string;
}

const test1 = { field: "email", operator: "is_not_empty" };
const is = (value: string, field = "lead_status") => ({ field, operator: "is", value });
const branch = (id: string, tests: unknown[], match = "all") => ({ id, label: id, match, tests });
const condition = (...branches: unknown[]) => node("condition", { branches });
const keyed = (one: FlowNode, key: string): FlowNode => ({ ...one, data: { ...one.data, key } });
const start = node("start");
const variable = node("set_variable", { name: "code", value: "A1" });
const hook = (more: Record<string, unknown> = {}) => node("webhook", { url: "https://api.acme.test/", ...more });
const go = (config: Record<string, unknown>) => node("go_to", { target: "sms", times: 2, pauseSeconds: 60, ...config });
const branching = [start, condition(branch("yes", [test1])), sms(), email()];

const rules: Partial<Record<ProblemCode, Shown[]>> = {
  malformed: [{ flow: { nodes: [{ type: "start" } as never], edges: [] } }],
  too_large: [{ flow: chain(start, { ...sms(), data: { note: "x".repeat(flowLimits.nodeText) } }), at: { nodeId: "sms" } }],
  unknown_node_type: [
    { flow: chain(start, node("send-sms", { text: "Hi" })), at: { nodeId: "send-sms" }, fix: "Make it “Send SMS”" },
    { flow: chain(start, node("telepathy")), at: { nodeId: "telepathy" } },
  ],
  missing_config: [{ flow: chain(start, node("send_sms")), at: { nodeId: "send_sms" } }],
  bad_config: [{ flow: chain(start, sms("")), at: { nodeId: "sms", field: "text" } }],
  undecided: [
    {
      flow: chain(start, { ...sms(), data: { ...sms().data, undecided: ["It went to “sales”.", "It waited."] } }),
      at: { nodeId: "sms", message: "It waited." },
      fix: "This is decided",
    },
  ],
  bad_key: [
    { flow: chain(start, keyed(sms(), "Order No")), at: { nodeId: "sms" }, fix: "Call it order_no" },
    { flow: chain(start, keyed(sms(), "a"), keyed(email(), "a")), at: { nodeId: "email" }, fix: "Call it a_2" },
  ],
  bad_merge_field: [{ flow: chain(start, sms("Hi {{ First Name }}")), at: { nodeId: "sms", field: "text" } }],
  unknown_field: [
    { flow: chain(start, sms("{{contact.Email|upcase}}, {{ contact.Email }}")), at: { field: "text" }, fix: "Use contact.email" },
    {
      flow: chain(start, condition(branch("yes", [is("x", "fristname")]))),
      at: { field: "branches.0.tests.0.field" },
      fix: "Use firstname",
    },
  ],
  doubtful_field: [{ flow: chain(start, sms("{{ fristname }}")), at: { field: "text" }, fix: "Use firstname" }],
  duplicate_node: [{ flow: graph([start, sms(), sms("Other")], "start > sms"), at: { nodeId: "sms" }, fix: "Give them different ids" }],
  duplicate_edge: [
    {
      flow: {
        nodes: branching,
        edges: [
          { ...edge("start > condition"), id: "e" },
          { ...edge("condition:yes > sms"), id: "e" },
        ],
      },
      at: { edgeId: "e" },
      fix: "Give them different ids",
    },
  ],
  dangling_edge: [
    { flow: graph([start, sms()], "start > sms", "sms > ghost"), at: { edgeId: "sms > ghost" }, fix: "Remove this connection" },
  ],
  unknown_exit: [
    { flow: graph([start, sms(), email()], "start > sms", "sms:maybe > email"), at: { nodeId: "sms" }, fix: "Remove this connection" },
    { flow: graph(branching, "start > condition", "condition > sms"), at: { nodeId: "condition" } },
  ],
  double_exit: [
    {
      flow: graph([start, sms(), email()], "start > sms", "start:next > email"),
      at: { edgeId: "start:next > email" },
      fix: "Remove this connection",
    },
  ],
  no_start: [{ flow: graph([sms(), email()]), at: { nodeId: "sms" }, fix: "Add a start before it" }],
  several_starts: [
    { flow: graph([start, node("start", {}, "other"), sms()], "start > sms"), at: { nodeId: "other" }, fix: "Delete this start" },
  ],
  cycle_without_wait: [
    { flow: graph([start, sms(), email()], "start > sms", "sms > email", "email > sms"), fix: "Add “Wait 1 day”" },
    { flow: chain(start, sms(), go({ pauseSeconds: 0 })), fix: "Pause 1 day before each round" },
  ],
  go_to_target_gone: [{ flow: chain(start, sms(), go({ target: "gone" })), at: { nodeId: "go_to", field: "target" } }],
  unreachable: [{ flow: graph([start, sms(), email()], "start > sms"), at: { nodeId: "email" }, fix: "Delete this step" }],
  ends_early: [
    {
      flow: graph(branching.slice(0, 3), "start > condition", "condition:yes > sms"),
      at: { nodeId: "condition", exit: "otherwise" },
      fix: "Add an End",
    },
  ],
  backward_edge: [
    {
      flow: graph([start, sms(), wait(600)], "start > sms", "sms > delay", "delay > sms"),
      at: { nodeId: "delay", edgeId: "delay > sms" },
      fix: "Turn it into a “Go to”, 3 times",
    },
  ],
  flow_missing: [
    {
      flow: chain(start, node("start_flow", { flowId: "00000000-0000-4000-8000-000000000000" })),
      at: { nodeId: "start_flow", field: "flowId" },
    },
  ],
  read_before_set: [
    { flow: chain(start, sms("{{ variables.code }}"), variable), at: { severity: "error", nodeId: "sms", field: "text" } },
    { flow: chain(start, sms("{{ steps.order.status }}"), keyed(hook(), "order")), at: { severity: "error", field: "text" } },
    {
      flow: graph(
        [...branching.slice(0, 2), variable, sms("{{ variables.code | upcase }}")],
        "start > condition",
        "condition:yes > set_variable",
        "condition:otherwise > sms",
        "set_variable > sms",
      ),
      at: { severity: "warning", nodeId: "sms", field: "text" },
      fix: "Leave it out where it is missing",
    },
    {
      flow: chain(start, condition(branch("yes", [is("A1", "variables.code")])), variable),
      at: { severity: "warning", field: "branches.0.tests.0.field" },
    },
  ],
  branch_shadowed: [
    {
      flow: chain(start, condition(branch("a", [test1, is("New")], "any"), branch("b", [is("New"), is("x", "firstname")]))),
      at: { field: "branches.1" },
      fix: "Remove this branch",
    },
    {
      flow: chain(
        start,
        condition(branch("a", [{ match: "any", tests: [is("New"), is("x", "firstname")] }]), branch("b", [test1, is("New")])),
      ),
      at: { field: "branches.1" },
      fix: "Remove this branch",
    },
  ],
  branch_impossible: [
    {
      flow: chain(start, condition(branch("a", [is("New"), is("Lost")]), branch("b", [test1]))),
      at: { field: "branches.0" },
      fix: "Remove this branch",
    },
    { flow: chain(start, condition(branch("a", [test1, { field: "email", operator: "is_empty" }]))), at: { field: "branches.0" } },
    {
      flow: chain(start, condition(branch("a", [is("New"), { match: "none", tests: [is("Lost"), is("New")] }]))),
      at: { field: "branches.0" },
    },
  ],
  tests_twice: [
    { flow: chain(start, condition(branch("a", [is("New"), is("NEW")]))), at: { field: "branches.0.tests.1" }, fix: "Remove it" },
    { flow: chain(start, node("wait_until", { tests: [test1, test1], limitSeconds: 600 })), at: { field: "tests.1" }, fix: "Remove it" },
    {
      flow: chain(start, condition(branch("a", [test1, { match: "none", tests: [is("New"), is("Lost"), is("new")] }]))),
      at: { field: "branches.0.tests.1.tests.2" },
      fix: "Remove it",
    },
  ],
  share_zero: [
    {
      flow: chain(
        start,
        node("split", {
          shares: [
            { id: "a", percent: 50 },
            { id: "b", percent: 50 },
            { id: "c", percent: 0 },
          ],
        }),
      ),
      at: { field: "shares.2" },
      fix: "Remove this share",
    },
    {
      flow: chain(
        start,
        node("split", {
          shares: [
            { id: "a", percent: 100 },
            { id: "b", percent: 0 },
          ],
        }),
      ),
      at: { field: "shares.1.percent" },
    },
  ],
  placeholder_left: [
    { flow: chain(start, sms("TODO: write this")), at: { nodeId: "sms", field: "text" } },
    { flow: chain(start, sms('Hi {{ firstname | default: "there" }}')), at: { field: "text" } },
    { flow: chain(start, hook({ url: "https://example.com/hook" })), at: { field: "url" } },
    { flow: chain(start, sms("Hi *|FNAME|*, bye")), at: { field: "text" }, fix: "Use {{ firstname }}" },
    { flow: chain(start, email("Hi [First Name] {lastname}")), at: { field: "subject" }, fix: "Use {{ firstname }} and {{ lastname }}" },
    { flow: chain(start, sms("Hi {company}")), at: { field: "text" } },
  ],
  always_skipped: [
    { flow: chain(start, node("consent", { sms: "opt_out" }), sms()), at: { nodeId: "sms" }, fix: "Delete this step" },
    { flow: chain(start, node("consent", { doNotContact: true }), email()), at: { nodeId: "email" }, fix: "Delete this step" },
  ],
  sms_many_parts: [{ flow: chain(start, sms("x".repeat(600))), at: { field: "text" } }],
  sms_unicode_by_one_character: [
    { flow: chain(start, sms(`It’s {{ firstname | default: "you" }}${"x".repeat(100)}`)), at: { field: "text" }, fix: "Use plain signs" },
    { flow: chain(start, sms(`🎉${"x".repeat(100)}`)), at: { field: "text" } },
  ],
  html_unsafe: [{ flow: chain(start, email("Hi", { html: '<p onclick="x()">Hi</p><script>x</script>' })), at: { field: "html" } }],
  link_broken: [{ flow: chain(start, email("Hi", { html: '<a href="www.acme.test">Here</a>' })), at: { field: "html" } }],
  image_without_alt: [{ flow: chain(start, email("Hi", { html: '<img src="https://acme.test/a.png">' })), at: { field: "html" } }],
  subject_long: [{ flow: chain(start, email("x".repeat(61))), at: { field: "subject" } }],
  date_always_past: [
    { flow: chain(start, node("delay", { mode: "until_date", field: "created_at" }), sms()), at: { field: "offset" } },
    {
      flow: chain(
        start,
        node("delay", { mode: "until_date", field: "created_at", time: "09:00", offset: { amount: -1, unit: "days" } }),
        sms(),
      ),
      at: { field: "offset" },
    },
  ],
  wait_longer_than_a_year: [
    { flow: chain(start, node("delay", { mode: "duration", amount: 366, unit: "days" })), at: { field: "amount" } },
    { flow: chain(start, sms(), go({ times: 100, pauseSeconds: 864_000 })), at: { nodeId: "go_to", field: "pauseSeconds" } },
  ],
  holidays_past: [
    {
      flow: chain(start, node("time_window", { days: [1], from: "09:00", to: "17:00", holidays: ["2025-12-25", "2026-01-01"] })),
      at: { field: "holidays" },
      fix: "Take them out",
    },
  ],
  goal_unreachable: [{ flow: chain(start, sms(), node("goal", { tests: [test1] })), at: { nodeId: "goal" } }],
  sends_nothing: [{ flow: chain(start, wait(600)), at: { nodeId: "start" } }],
  sends_twice_same_text: [{ flow: chain(start, sms("Hi you"), wait(3600), sms("Hi you", {}, "again")), at: { nodeId: "again" } }],
};

const shown = Object.entries(rules).flatMap(([code, flows]) =>
  flows.map((one, index) => ({ code: code as ProblemCode, index: index + 1, ...one })),
);
const find = (flow: FlowGraph, code: ProblemCode, at: Partial<FlowProblem> = {}) =>
  problemsOf(flow).find((one) => one.code === code && Object.entries(at).every(([key, value]) => one[key as keyof FlowProblem] === value));

const storeOf = ({ nodes, edges }: FlowGraph) =>
  createDraftStore({
    flowId: "f",
    isDraft: true,
    revision: "1",
    name: "Flow",
    nodes,
    edges,
    settings: {},
    problems: [],
    live: "1",
    liveChanged: false,
    updatedAt: null,
    updatedByName: null,
  } satisfies FlowDraft);

test("every rule that needs no database has a flow here", () => {
  // Settings are beside the graph; nodes/graph/check-settings.test.ts tries them.
  const missing = problemCodes.filter((code) => !serverProblems.has(code) && !rules[code] && code !== "setting_unread");
  expect(missing).toEqual([]);
});

describe.each(shown)("$code, flow $index", ({ code, flow, at, fix }) => {
  test("is told, with its place", () => {
    expect(find(flow, code, at)?.message ?? JSON.stringify(problemsOf(flow))).toMatch(/^\P{Lu}*[\p{Lu}“"🎉‘’].*[.?/]$|^\S/u);
    expect(find(flow, code, at)).toBeDefined();
  });

  test(fix ? `“${fix}” works, makes nothing worse, and is taken back` : "has no fix, for none is certain", () => {
    const problem = find(flow, code, at);
    expect(problem?.fix?.label).toBe(fix);
    if (!problem?.fix) return;
    const store = storeOf(flow);
    const before = store.getState().content;
    const { fix: change } = problem;
    store.getState().edit(change.label, (draft) => applyFix(draft, problem, change));
    const after = store.getState().content;
    expect(find(after, code, at)).toBeUndefined();
    const errors = (one: FlowGraph) => problemsOf(one).filter(({ severity }) => severity === "error").length;
    expect(errors(after)).toBeLessThanOrEqual(errors(before));
    store.getState().undo();
    expect(store.getState().content).toEqual(before);
  });
});

test("a fix whose place is gone changes nothing", () => {
  for (const { code, flow, at } of shown) {
    const problem = find(flow, code, at);
    if (!problem?.fix) continue;
    const store = storeOf({ nodes: [node("start", {}, "elsewhere")], edges: [] });
    store.getState().edit("fix", (draft) => problem.fix && applyFix(draft, problem, problem.fix));
    expect(store.getState().history.past, code).toEqual([]);
  }
});

test("a merge field is replaced wherever it stands, with its filters, and nothing else is", () => {
  const change = { from: "contact.Email", to: "contact.email" };
  expect(replaceField('{{contact.Email}} contact.Email {{ contact.Email | default: "x" }} {{ contact.Emails }}', change)).toBe(
    '{{contact.email}} contact.Email {{ contact.email | default: "x" }} {{ contact.Emails }}',
  );
});

test("a flow as it should be is told nothing", () => {
  const good = graph(
    [
      start,
      condition(branch("vip", [is("Customer")])),
      sms("Dear customer"),
      email("Hello"),
      wait(90_000),
      sms("One more thing", {}, "later"),
      node("end"),
    ],
    ...[
      "start > condition",
      "condition:vip > sms",
      "condition:otherwise > email",
      "sms > delay",
      "email > delay",
      "delay > later",
      "later > end",
    ],
  );
  expect(problemsOf(good)).toEqual([]);
});
