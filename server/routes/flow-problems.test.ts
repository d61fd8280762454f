import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ProblemCode, serverProblems } from "#contract/flow-problems.ts";
import type { FlowGraph, FlowNode, FlowProblem } from "#contract/flows.ts";
import { startTestApp, type Tenant, type TestApp } from "#test/app.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";
import { applyFix } from "#web/features/flow-builder/problems/apply-fix.ts";

let app: TestApp;
let tenant: Tenant;
let editor: Client;

beforeAll(async () => {
  app = await startTestApp();
  tenant = await app.createTenant("Problems");
  editor = await tenant.as("editor");
  const admin = await tenant.as("admin");
  await admin.put("/api/secrets/billing_key", { value: "s3cret", hosts: ["acme.test"] });
  for (const [firstname, plan] of [
    ["Ann", "gold"],
    ["", "silver"],
    ["Cid", undefined],
  ]) {
    await buildContact(app.db.owner, tenant.workspaceId, {
      firstname: firstname as string,
      conversation_status: "Waiting",
      metadata: plan === undefined ? {} : { "Plan Name": plan },
    });
  }
});
afterAll(() => app.stop());

const start = node("start");
const starting = (flowId: string, id = "again") => node("start_flow", { flowId }, id);
const hook = (secret: string) =>
  node("webhook", { url: "https://acme.test/", headers: [{ name: "X-Key", value: `{{ secrets.${secret} }}` }] });
const inWorkspace = (one: FlowGraph, name?: string) => buildFlow(app.db.owner, tenant.workspaceId, one, name);

async function archived(): Promise<string> {
  const id = await inWorkspace(chain(start, sms("Hi you")));
  await editor.post(`/api/flows/${id}/archive`, { people: "finish" });
  return id;
}

/** A draft of a flow of its own. What cannot be saved live is saved as a draft. */
async function draftOf(one: FlowGraph, client = editor): Promise<{ id: string; revision: string; problems: FlowProblem[] }> {
  const id = await inWorkspace({ nodes: [], edges: [] });
  const at = `/api/flows/${id}/draft`;
  const { revision } = (await client.get(at)).body;
  const { body } = await client.patch(at, { baseRevision: revision, nodes: { put: one.nodes }, edges: { put: one.edges } });
  return { id, revision: body.revision, problems: body.problems };
}

interface Shown {
  flow: FlowGraph | (() => Promise<FlowGraph>);
  at: Partial<FlowProblem>;
  fix?: string;
}

const rules: Partial<Record<ProblemCode, Shown[]>> = {
  flow_missing: [{ flow: chain(start, starting(randomUUID())), at: { nodeId: "again", field: "flowId" } }],
  flow_not_published: [
    { flow: async () => chain(start, starting(await inWorkspace({ nodes: [], edges: [] }))), at: { nodeId: "again", field: "flowId" } },
    { flow: async () => chain(start, starting(await inWorkspace(chain(start, sms(""))))), at: { nodeId: "again" } },
  ],
  flow_archived: [{ flow: async () => chain(start, starting(await archived())), at: { nodeId: "again", field: "flowId" } }],
  secret_missing: [
    { flow: chain(start, hook("BillingKey")), at: { nodeId: "webhook", field: "headers.0.value" }, fix: "Use billing_key" },
    { flow: chain(start, hook("nothing")), at: { nodeId: "webhook" }, fix: "Open the secrets" },
  ],
  no_provider: [{ flow: chain(start, sms("Hi you"), sms("Hi again", {}, "b")), at: { nodeId: "sms" }, fix: "Open the channels" }],
  field_unknown: [
    { flow: chain(start, sms("Your {{ custom.plan_nam | upcase }}")), at: { field: "text" }, fix: "Use custom.plan_name" },
    { flow: chain(start, sms("{{ custom.shoe_size | default: 'x' }}")), at: { nodeId: "sms" } },
    {
      flow: chain(start, node("delay", { mode: "until_date", field: "custom.plan_nam" })),
      at: { field: "field" },
      fix: "Use custom.plan_name",
    },
  ],
  field_without_default: [
    { flow: chain(start, sms("Hi {{firstname}}!")), at: { field: "text" }, fix: "Write “there” where it is missing" },
    { flow: chain(start, email("Your {{ plan_name }}")), at: { field: "subject" }, fix: "Leave it out where it is missing" },
  ],
  unlisted_status: [
    {
      flow: chain(
        start,
        node("wait_until", { tests: [{ field: "lead_status", operator: "in", value: ["New", "Custmer"] }], limitSeconds: 600 }),
      ),
      at: { field: "tests.0.value" },
      fix: "Use “Customer”",
    },
  ],
  entry_not_asked: [
    {
      flow: chain(node("start", { enterIf: { tests: [{ field: "custom.plan_name", operator: "is", value: "gold" }] } }), sms("Hi you")),
      at: { nodeId: "start", field: "enterIf.tests", severity: "error" },
    },
  ],
  html_cleaned: [{ flow: chain(start, email("Hi", { html: "<p>Hi</p><form><input></form>" })), at: { nodeId: "email", field: "html" } }],
  value_unknown: [
    {
      flow: chain(
        start,
        node("wait_until", { tests: [{ field: "conversation_status", operator: "is", value: "Waitng" }], limitSeconds: 600 }),
      ),
      at: { field: "tests.0.value" },
      fix: "Use “Waiting”",
    },
  ],
};

test("every rule that needs the database has a flow here", () => {
  // These are tried with flows of their own below.
  const elsewhere: ProblemCode[] = ["flow_ring", "flow_depth"];
  expect([...serverProblems].filter((code) => !rules[code] && !elsewhere.includes(code))).toEqual([]);
});

const shown = Object.entries(rules).flatMap(([code, flows]) => flows.map((one, index) => ({ code, index: index + 1, ...one })));

test.each(shown)("$code, flow $index, is told with its place, and its fix helps", async ({ code, flow, at, fix }) => {
  const one = typeof flow === "function" ? await flow() : flow;
  const isIt = (problem: FlowProblem) =>
    problem.code === code && Object.entries(at).every(([key, value]) => problem[key as keyof FlowProblem] === value);
  const { problems } = await draftOf(one);
  const problem = problems.find(isIt);
  expect(problem, JSON.stringify(problems)).toBeDefined();
  expect(problem?.fix?.label).toBe(fix);
  if (!problem?.fix || problem.fix.kind === "open") return;
  const fixed = { name: "Fixed", settings: {}, ...structuredClone(one) };
  applyFix(fixed, problem, problem.fix);
  expect((await draftOf(fixed)).problems.filter(isIt)).toEqual([]);
});

describe("flows that start one another", () => {
  const starts = async (flowId: string, ...before: FlowNode[]) => (await draftOf(chain(start, ...before, starting(flowId)))).problems;
  const told = (problems: readonly FlowProblem[]) => problems.filter(({ code }) => code.startsWith("flow_")).map(({ code }) => code);

  test("are a ring where nobody rests on the way, and are none where somebody does", async () => {
    const { id, revision } = await draftOf(chain(start));
    const restless = await inWorkspace(chain(start, starting(id)), "Restless");
    const restful = await inWorkspace(chain(start, wait(60), starting(id)), "Restful");
    const at = `/api/flows/${id}/draft`;
    const put = (flowId: string) => ({ nodes: { put: [starting(flowId)] }, edges: { put: chain(start, starting(flowId)).edges } });
    const first = await editor.patch(at, { baseRevision: revision, ...put(restless) });
    expect(first.body.problems).toContainEqual(
      expect.objectContaining({ code: "flow_ring", nodeId: "again", field: "flowId", message: expect.stringContaining("“Restless”") }),
    );
    const second = await editor.patch(at, { baseRevision: first.body.revision, ...put(restful) });
    expect(told(second.body.problems)).toEqual([]);
    const refused = await editor.post(`/api/flows/${id}/publish`, { revision: first.body.revision });
    expect(refused.body.code).toBe("draft_changed");
  });

  test("are followed five deep, and the sixth is told", async () => {
    let last = await inWorkspace(chain(start, node("end")));
    for (let depth = 1; depth < 5; depth += 1) last = await inWorkspace(chain(start, starting(last)));
    expect(told(await starts(last))).toEqual([]);
    expect(told(await starts(await inWorkspace(chain(start, starting(last)))))).toEqual(["flow_depth"]);
  });

  test("are not told of another workspace", async () => {
    const foreign = await buildFlow(app.db.owner, app.theirs.workspaceId, chain(start, node("end")), "Theirs");
    expect(told(await starts(foreign))).toEqual(["flow_missing"]);
    expect(JSON.stringify(await starts(foreign))).not.toContain("Theirs");
  });
});

test("publishing is refused with every error at once, those of the database too", async () => {
  const branch = { id: "yes", tests: [{ field: "email", operator: "is_not_empty" }] };
  const one = graph(
    [start, node("condition", { branches: [branch] }), sms("", {}, "empty"), hook("nothing"), starting(randomUUID()), node("send-sms")],
    ...["start > condition", "condition:yes > empty", "condition:otherwise > webhook", "webhook:success > again", "webhook:error > ghost"],
  );
  const { id, revision } = await draftOf(one);
  const { status, body } = await editor.post(`/api/flows/${id}/publish`, { revision });
  expect([status, body.code]).toEqual([422, "flow_invalid"]);
  expect(body.error).toContain("5 problems");
  expect(body.problems.map((each: { path: string; code: string }) => [each.path, each.code]).toSorted()).toEqual([
    ["edges.webhook:error > ghost", "dangling_edge"],
    ["nodes.again", "flow_missing"],
    ["nodes.empty", "bad_config"],
    ["nodes.send-sms", "unknown_node_type"],
    ["nodes.webhook", "secret_missing"],
  ]);
  expect((await editor.get(`/api/flows/${id}`)).body.nodes).toEqual([]);
});

test("how many contacts have a field is told only to those who may read contacts", async () => {
  const key = await tenant.key(["flows:read", "flows:write"]);
  const codes = (await draftOf(chain(start, sms("Hi {{ firstname }}")), key)).problems.map(({ code }) => code);
  expect(codes).not.toContain("field_without_default");
});
