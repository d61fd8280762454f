import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { flowTestLimits } from "#contract/flow-tests.ts";
import type { FlowGraph } from "#contract/flows.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { chain, graph, node, sms, wait } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let owner: Client;
let editor: Client;

const startAt = "2027-03-01T09:00:00Z";
const day = 86_400;
const typed = { fields: { firstname: "Ada", lastname: "Test", phoneNumber: "+12025550123", email: "ada@example.com" } };
const hello = chain(node("start"), wait(2 * day), sms("Hi {{ firstname }}"), node("end"));
const says = (contains: string) => ({ kind: "message", nodeId: "sms", contains });
const path = (...steps: string[]) => ({ kind: "path", steps });

beforeAll(async () => {
  app = await startTestApp();
  owner = await app.ours.as("owner");
  editor = await app.ours.as("editor");
});
afterAll(() => app.stop());

const create = async (flow: FlowGraph = hello, client = owner): Promise<string> =>
  (await client.post("/api/flows", { name: `Flow ${randomUUID()}`, ...flow })).body.id;
const save = (flowId: string, expected: object[], more: object = {}, client = owner) =>
  client.post(`/api/flows/${flowId}/tests`, { name: "A test", script: { contact: typed, startAt }, expect: expected, ...more });
const run = async (flowId: string, body: object = {}, client = owner) => (await client.post(`/api/flows/${flowId}/tests/run`, body)).body;
async function edit(flowId: string, change: object): Promise<string> {
  const { revision } = (await owner.get(`/api/flows/${flowId}/draft`)).body;
  const { status, body } = await owner.patch(`/api/flows/${flowId}/draft`, { baseRevision: revision, ...change });
  expect(status).toBe(200);
  return body.revision;
}

describe("saving", () => {
  test("a key needs the right to read contacts, a viewer saves and runs none", async () => {
    const flowId = await create();
    const key = await app.ours.key(["flows:write", "flows:read"]);
    expect(await key.get(`/api/flows/${flowId}/tests`)).toMatchObject({ status: 403 });
    expect(await save(flowId, [says("Hi")], {}, key)).toMatchObject({ status: 403 });
    const viewer = await app.ours.as("viewer");
    expect(await save(flowId, [says("Hi")], {}, viewer)).toMatchObject({ status: 403 });
    expect(await viewer.get(`/api/flows/${flowId}/tests`)).toMatchObject({ status: 200, body: { items: [] } });
  });

  test("the tests of a flow in the bin are not there, until it is restored", async () => {
    const flowId = await create();
    const { body: saved } = await save(flowId, [says("Hi")]);
    const bin = (deleted_at: Date | null) => app.db.owner.updateTable("flows").set({ deleted_at }).where("id", "=", flowId).execute();
    await bin(new Date());
    const answers = [
      await owner.patch(`/api/flow-tests/${saved.id}`, { name: "Another" }),
      await owner.request("DELETE", `/api/flow-tests/${saved.id}`),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [404, "not_found"],
      [404, "not_found"],
    ]);
    await bin(null);
    expect((await owner.get(`/api/flows/${flowId}/tests`)).body.items).toMatchObject([{ id: saved.id, name: "A test" }]);
  });

  test("what is wrong is told at once: no expectation, no start, a way of 10,000 steps, too much text", async () => {
    const flowId = await create();
    const steps = Array.from({ length: 10_000 }, (_, index) => `n${index}`);
    const answer = await owner.post(`/api/flows/${flowId}/tests`, { name: "", script: { contact: typed }, expect: [path(...steps)] });
    expect(answer.status).toBe(400);
    const paths = answer.body.problems.map((problem: { path: string }) => problem.path);
    expect(paths.sort()).toEqual(["expect.0.steps", "name", "script.startAt"]);
    expect((await save(flowId, [])).body.problems).toMatchObject([{ path: "expect", message: "A test expects something" }]);
    const events = Array.from({ length: 4 }, () => ({
      ...{ type: "change", afterSeconds: day },
      fields: { metadata: { text: "x".repeat(60_000) } },
    }));
    expect(await save(flowId, [says("Hi")], { script: { contact: typed, startAt, events } })).toMatchObject({
      status: 400,
      body: { problems: [{ path: "script", message: expect.stringContaining("at most 128 KiB") }] },
    });
  });

  test("a flow holds fifty tests and no more, however many are asked for at once", async () => {
    const flowId = await create();
    const answers = await Promise.all(Array.from({ length: flowTestLimits.perFlow + 10 }, () => save(flowId, [says("Hi")])));
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused.length).toBe(10);
    expect(refused[0]?.body).toMatchObject({
      code: "conflict",
      error: "A flow has up to 50 tests. Delete one that is not needed any more.",
    });
    expect((await owner.get(`/api/flows/${flowId}/tests`)).body.items).toHaveLength(flowTestLimits.perFlow);
  });

  test("a contact is copied as it is, or walked as it is on the day, and the test goes with the contact", async () => {
    const flowId = await create();
    const { id } = (await owner.post("/api/contacts", { ...typed.fields, firstname: "Grace", metadata: { Plan: "gold" } })).body;
    const script = { contact: { id }, startAt };
    const copy = (await save(flowId, [says("Hi Grace")], { name: "Copy", script, copyContact: true })).body;
    expect(copy).toMatchObject({
      contactName: "Grace Test",
      script: { contact: { fields: { firstname: "Grace", metadata: { Plan: "gold" } } } },
    });
    await save(flowId, [says("Hi Grace")], { name: "Live", script });
    await owner.patch(`/api/contacts/${id}`, { firstname: "Hopper" });
    const statuses = async () =>
      (await run(flowId)).results.map(({ name, result }: { name: string; result: { status: string } }) => [name, result.status]);
    expect(await statuses()).toEqual([
      ["Copy", "passed"],
      ["Live", "failed"],
    ]);
    await owner.delete(`/api/contacts/${id}`);
    expect(await statuses()).toEqual([
      ["Copy", "passed"],
      ["Live", "broken"],
    ]);
    await app.db.owner.deleteFrom("contacts").where("id", "=", id).execute();
    expect((await owner.get(`/api/flows/${flowId}/tests`)).body.items).toEqual([]);
  });

  test("a test is renamed, expects something else, and is deleted; each is in the audit log with its flow", async () => {
    const flowId = await create();
    const { id } = (await save(flowId, [says("Hi")])).body;
    await run(flowId);
    const renamed = (await owner.patch(`/api/flow-tests/${id}`, { name: "Renamed" })).body;
    expect(renamed).toMatchObject({ name: "Renamed", lastResult: { status: "passed" } });
    const changed = (await owner.patch(`/api/flow-tests/${id}`, { expect: [says("Bye")] })).body;
    expect(changed).toMatchObject({ expect: [says("Bye")], lastResult: null });
    expect((await owner.delete(`/api/flow-tests/${id}`)).status).toBe(200);
    expect(await owner.patch(`/api/flow-tests/${id}`, { name: "Gone" })).toMatchObject({ status: 404 });
    const { items } = (await owner.get(`/api/audit-log?subjectType=flow&limit=20`)).body;
    const told = items
      .filter(({ subjectId }: { subjectId: string }) => subjectId === flowId)
      .map(({ action }: { action: string }) => action);
    expect(told).toEqual(["flow.delete_test", "flow.change_test", "flow.change_test", "flow.run_tests", "flow.add_test", "flow.create"]);
  });
});

describe("running", () => {
  test("each test says how it came, and the ways that none has walked are listed", async () => {
    const test1 = { field: "lead_status", operator: "is", value: "Customer" };
    const condition = node("condition", { branches: [{ id: "yes", label: "Yes", match: "all", tests: [test1] }] });
    const flowId = await create(
      graph(
        [node("start"), condition, sms("Thanks"), sms("Buy", {}, "buy")],
        "start > condition",
        "condition:yes > sms",
        "condition:otherwise > buy",
      ),
    );
    await save(flowId, [
      path("start", "condition", "buy"),
      { kind: "message", nodeId: "buy", contains: "Buy" },
      { kind: "ends", as: "completed" },
    ]);
    await save(flowId, [{ kind: "reaches", nodeId: "sms" }], { name: "Wrong" });
    const { results, unwalked } = await run(flowId);
    expect(results).toMatchObject([
      { name: "A test", result: { status: "passed", failures: [], of: "draft", version: null } },
      { name: "Wrong", result: { status: "failed", failures: [{ nodeId: "sms", expected: "Comes to “Send SMS”." }] } },
    ]);
    expect(unwalked).toEqual([{ nodeId: "condition", exit: "yes", target: "sms" }]);
    const { items, revision } = (await owner.get(`/api/flows/${flowId}/tests`)).body;
    expect(items.map(({ lastResult }: { lastResult: { revision: string } }) => lastResult.revision)).toEqual([revision, revision]);
  });

  test("only those that are named are run, and one of another flow or workspace is not there", async () => {
    const [flowId, other] = [await create(), await create()];
    const { id } = (await save(flowId, [says("Hi")])).body;
    await save(flowId, [says("Hi")], { name: "Second" });
    expect((await run(flowId, { tests: [id] })).results).toMatchObject([{ testId: id }]);
    const elsewhere = (await save(other, [says("Hi")])).body.id;
    expect(await run(flowId, { tests: [elsewhere] })).toMatchObject({ code: "not_found" });
    const stranger = await app.theirs.as("owner");
    expect(await run(flowId, {}, stranger)).toMatchObject({ code: "flow_not_found" });
    expect(await stranger.patch(`/api/flow-tests/${id}`, { name: "Mine" })).toMatchObject({ status: 404 });
  });

  test("a test follows its steps through edits, and is broken where one is removed", async () => {
    const flowId = await create();
    await save(flowId, [path("start", "delay", "sms", "end"), says("Hi Ada")]);
    const renamed = { ...sms("Hi Ada, again"), data: { ...sms("Hi Ada, again").data, label: "Greeting" } };
    await edit(flowId, { nodes: { put: [renamed] } });
    expect((await run(flowId)).results).toMatchObject([{ result: { status: "passed" } }]);
    const healed = { id: "healed", source: "start", target: "sms" };
    await edit(flowId, { nodes: { drop: ["delay"] }, edges: { put: [healed], drop: ["start > delay", "delay > sms"] } });
    expect((await run(flowId)).results).toMatchObject([
      { result: { status: "broken", failures: [{ nodeId: "delay", expected: "The test names “Delay”." }] } },
    ]);
    expect((await run(flowId, { of: "live" })).results).toMatchObject([{ result: { status: "passed", of: "live" } }]);
  });

  test("a flow that goes round in circles beyond a year ends a test without a verdict", async () => {
    const halfYear = 183 * 86_400;
    const endless = graph([node("start"), wait(halfYear), wait(halfYear, "again")], "start > delay", "delay > again", "again > delay");
    const flowId = await create(endless);
    await save(flowId, [{ kind: "ends", as: "completed" }]);
    expect((await run(flowId)).results).toMatchObject([{ result: { status: "unfinished" } }]);
  });

  test("a draft with errors is refused with its problems", async () => {
    const flowId = await create();
    await save(flowId, [says("Hi")]);
    await edit(flowId, { nodes: { put: [node("send_sms", {}, "sms")] } });
    expect(await run(flowId)).toMatchObject({ code: "flow_invalid", problems: [{ path: "nodes.sms" }] });
  });
});

describe("publishing", () => {
  const publish = (flowId: string, revision: string, more: object = {}, client = owner) =>
    client.post(`/api/flows/${flowId}/publish`, { revision, ...more });

  test("a test that does not pass keeps the flow from being published; an admin may say why it is all the same", async () => {
    const flowId = await create();
    await save(flowId, [says("Hi Ada")], { name: "Greets by name" });
    await save(flowId, [{ kind: "ends", as: "completed" }], { name: "Comes to its end" });
    const revision = await edit(flowId, { nodes: { put: [sms("Hello you")] } });
    const refused = await publish(flowId, revision);
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: "tests_failed",
        problems: [{ message: "“Greets by name”: “Send SMS” sends a message that contains “Hi Ada”. It sent “Hello you”." }],
      },
    });
    expect(await publish(flowId, revision, { acceptFailedTests: "It is urgent" }, editor)).toMatchObject({ status: 403 });
    expect((await owner.get(`/api/flows/${flowId}/draft`)).body.isDraft).toBe(true);
    const published = await publish(flowId, revision, { acceptFailedTests: "It is urgent" });
    expect(published.status).toBe(200);
    const [version] = (await owner.get(`/api/flows/${flowId}/versions`)).body.items;
    expect(version.tests).toEqual({ passed: 1, failed: ["Greets by name"], reason: "It is urgent" });
    const { items, revision: live } = (await owner.get(`/api/flows/${flowId}/tests`)).body;
    expect(items.map(({ lastResult }: { lastResult: object }) => lastResult)).toMatchObject([
      { status: "failed", of: "live", version: version.number, revision: live },
      { status: "passed", of: "live", version: version.number, revision: live },
    ]);
    const [entry] = (await owner.get("/api/audit-log?subjectType=flow&limit=1")).body.items;
    expect(entry).toMatchObject({ action: "flow.publish", details: { failedTests: ["Greets by name"], reason: "It is urgent" } });
  });

  test("tests that pass are told with the version, and a flow without tests is published as before", async () => {
    const flowId = await create();
    const first = await publish(flowId, await edit(flowId, { nodes: { put: [sms("Hi there {{ firstname }}")] } }), {}, editor);
    expect(first.status).toBe(200);
    await save(flowId, [says("there Ada")]);
    const next = await publish(flowId, await edit(flowId, { nodes: { put: [sms("Oh there {{ firstname }}")] } }), {}, editor);
    expect(next.status).toBe(200);
    const versions = (await owner.get(`/api/flows/${flowId}/versions`)).body.items;
    expect(versions.map(({ tests }: { tests: object }) => tests)).toEqual([{ passed: 1, failed: [], reason: null }, null]);
  });

  test("a run leaves no trace but its result", async () => {
    const before = (await owner.get("/api/contacts/count")).body;
    const flowId = await create();
    await save(flowId, [says("Hi")]);
    await run(flowId);
    expect((await owner.get("/api/contacts/count")).body).toEqual(before);
    expect((await owner.get(`/api/executions?flowId=${flowId}`)).body.items).toEqual([]);
  });
});
