import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, email, node, sms, wait } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";
import { expectTotalsToAddUp } from "#test/totals.ts";

let app: TestApp;
let key: Client;
let contactId: string;
let flowId: string;
const welcome = chain(node("start"), sms("Hi {{contact.firstname}}"), email("Welcome"), node("end"));

beforeAll(async () => {
  app = await startTestApp();
  await app.resources.engine.start();
  key = await app.ours.key(["flows:send", "flows:write"]);
  contactId = await buildContact(app.db.owner, app.ours.workspaceId, { firstname: "Grace", lastname: "Hopper" });
  flowId = await buildFlow(app.db.owner, app.ours.workspaceId, welcome, "Welcome Flow");
});
afterEach(() => expectTotalsToAddUp(app.db.owner));
afterAll(async () => {
  await app.resources.engine.stop();
  await app.stop();
});

const forContact = "/api/unified-workflow/execute-for-contact";
const workflow = "/api/unified-workflow/execute-workflow";
const body = (more: Record<string, unknown> = {}) => ({ workflowId: flowId, workspaceId: app.ours.workspaceId, contactId, ...more });
const executions = async () => {
  const { rows } = await sql<{ count: number }>`select count(*) from flow_executions`.execute(app.db.owner);
  return rows[0]?.count ?? 0;
};
const messagesOf = async (execution: string) => {
  const rows = await app.db.owner
    .selectFrom("messages")
    .select(["channel", "body", "subject", "is_test"])
    .where("flow_execution_id", "=", execution);
  return rows.orderBy("visit").execute();
};

describe("the founding document's common errors", () => {
  test.each([forContact, workflow])(
    "flow not found: one that is not there and one of another workspace give the same answer (%s)",
    async (path) => {
      const theirs = await buildFlow(app.db.owner, app.theirs.workspaceId, welcome);
      const [foreign, missing] = [
        await key.post(path, body({ workflowId: theirs })),
        await key.post(path, body({ workflowId: randomUUID() })),
      ];
      expect(foreign.status).toBe(404);
      expect(foreign.body).toMatchObject({ success: false, code: "flow_not_found", error: "There is no such flow in this workspace." });
      expect({ ...foreign.body, requestId: "" }).toEqual({ ...missing.body, requestId: "" });
    },
  );

  test("flow not found: a workspace_id that does not match is refused before anything is looked up", async () => {
    const before = await executions();
    const answer = await key.post(forContact, body({ workspaceId: app.theirs.workspaceId }));
    expect([answer.status, answer.body.code]).toEqual([403, "workspace_mismatch"]);
    expect(await executions()).toBe(before);
  });

  test("contact not found: one that is not there and one of another workspace give the same answer", async () => {
    const theirs = await buildContact(app.db.owner, app.theirs.workspaceId);
    const [foreign, missing] = [
      await key.post(forContact, body({ contactId: theirs })),
      await key.post(forContact, body({ contactId: randomUUID() })),
    ];
    expect(foreign.status).toBe(404);
    expect(foreign.body).toMatchObject({ success: false, code: "contact_not_found", error: "There is no such contact in this workspace." });
    expect({ ...foreign.body, requestId: "" }).toEqual({ ...missing.body, requestId: "" });
  });

  test("contact not found: a contact_id that is no UUID is named, together with everything else that is wrong", async () => {
    const answer = await key.post(forContact, { workflowId: "welcome", contactId: "grace", isTest: "no", extra: 1 });
    expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"]);
    expect(answer.body.problems.map(({ path }: { path: string }) => path).toSorted()).toEqual([
      "contactId",
      "extra",
      "isTest",
      "workflowId",
    ]);
  });

  test("endpoint not reachable: a wrong address says so in JSON, and where the right ones are listed", async () => {
    const answer = await key.post("/api/unified-workflow/execute-for-contacts", body());
    expect([answer.status, answer.body.success, answer.body.code]).toEqual([404, false, "route_not_found"]);
    expect(answer.body.error).toContain("/api/docs");
  });

  test("endpoint not reachable: another site's page cannot use a person's session", async () => {
    const person = await app.ours.as("editor");
    const answer = await person.with({ origin: "https://elsewhere.example" }).post(forContact, body());
    expect([answer.status, answer.body.code]).toEqual([403, "origin_refused"]);
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });

  test.each([
    ["without authentication", {}],
    ["with a key that does not exist", { authorization: "Bearer sk_live_abcdefgh_0123456789012345678901234567890123456789012" }],
    ["with another scheme", { authorization: "Basic Z3JhY2U6aG9wcGVy" }],
  ])("endpoint not reachable: %s it is 401", async (_what, headers: Record<string, string>) => {
    const answer = await app.nobody.with(headers).post(forContact, body());
    expect([answer.status, answer.body.code]).toEqual([401, "unauthenticated"]);
  });

  test("endpoint not reachable: a key without the right, and a viewer, are 403", async () => {
    expect((await (await app.ours.key(["flows:read"])).post(forContact, body())).status).toBe(403);
    expect((await (await app.ours.as("viewer")).post(forContact, body())).status).toBe(403);
  });

  test("task fails: a workflow definition that is not valid is refused with every problem, and nothing begins", async () => {
    const before = await executions();
    const definition: FlowGraph = {
      nodes: [node("start"), node("teleport"), sms("x".repeat(10_000), {}, "long")],
      edges: [{ id: "lost", source: "start", target: "nowhere" }],
    };
    const answer = await key.post(workflow, body({ workflowDefinition: definition, bypassDatabaseLookup: true }));
    expect([answer.status, answer.body.code]).toEqual([422, "flow_invalid"]);
    const paths = answer.body.problems.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(expect.arrayContaining(["nodes.teleport", "edges.lost"]));
    expect(await executions()).toBe(before);
  });

  test("task fails: a stored flow with a wrong node configuration is refused the same way", async () => {
    const broken = await buildFlow(app.db.owner, app.ours.workspaceId, chain(node("start"), node("send_sms", { text: 5 }), node("end")));
    const answer = await key.post(forContact, body({ workflowId: broken }));
    expect([answer.status, answer.body.code]).toEqual([422, "flow_invalid"]);
    expect(answer.body.problems).toMatchObject([{ path: "nodes.send_sms" }]);
  });

  test("task fails: a flow without steps says so", async () => {
    const empty = await buildFlow(app.db.owner, app.ours.workspaceId, { nodes: [], edges: [] });
    const answer = await key.post(forContact, body({ workflowId: empty }));
    expect([answer.status, answer.body.code]).toEqual([422, "flow_has_no_steps"]);
  });
});

describe("also refused", () => {
  test("bypassDatabaseLookup without a definition to follow instead", async () => {
    const answer = await key.post(workflow, body({ bypassDatabaseLookup: true }));
    expect(answer.status).toBe(400);
    expect(answer.body.problems).toMatchObject([{ path: "workflowDefinition" }]);
  });

  test("bypassDatabaseLookup bypasses neither the contact nor the flow", async () => {
    const more = { bypassDatabaseLookup: true, workflowDefinition: welcome };
    expect((await key.post(workflow, body({ ...more, contactId: randomUUID() }))).body.code).toBe("contact_not_found");
    expect((await key.post(workflow, body({ ...more, workflowId: randomUUID() }))).body.code).toBe("flow_not_found");
  });

  test("a contact that the flow's own rule keeps out, with the reason in words", async () => {
    const once = chain(node("start", { reEntry: { rule: "once" } }), sms("Only once"), node("end"));
    const onceId = await buildFlow(app.db.owner, app.ours.workspaceId, once);
    expect((await key.post(forContact, body({ workflowId: onceId }))).status).toBe(200);
    await app.driver.runUntilIdle();
    const again = await key.post(forContact, body({ workflowId: onceId }));
    expect([again.status, again.body.code]).toEqual([422, "not_enrolled"]);
    expect(again.body.error).toBe("The flow was not started for this contact: Was in this flow before.");
  });

  test("malformed JSON and a body that is too large", async () => {
    expect((await key.request("POST", forContact, { raw: "{" })).body.code).toBe("malformed_json");
    const large = await key.post(forContact, body({ isTest: "x".repeat(5_000_000) }));
    expect([large.status, large.body.code]).toEqual([413, "body_too_large"]);
  });
});

describe("a flow is executed for a contact", () => {
  test("with the document's body and its answer, word for word", async () => {
    const answer = await key.post(forContact, body({ isTest: false }));
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      success: true,
      taskId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      workflowId: flowId,
      contactId,
      contactName: "Grace Hopper",
      status: "triggered",
      message: "Workflow execution started for contact",
    });
    await app.driver.runUntilIdle();
    expect(await messagesOf(answer.body.taskId)).toMatchObject([
      { channel: "sms", body: "Hi Grace", is_test: false },
      { channel: "email", subject: "Welcome" },
    ]);
  });

  test("and the document's two verification queries, as written, find what was sent", async () => {
    const started = await key.post(forContact, body());
    await app.driver.runUntilIdle();
    const first = await sql
      .raw(
        `
SELECT 
  fe.id,
  fe.flow_id,
  fe.contact_id,
  fe.status,
  fe.source,
  fe.started_at,
  f.name as flow_name,
  c.firstname || ' ' || c.lastname as contact_name
FROM flow_executions fe
JOIN flows f ON fe.flow_id = f.id
JOIN contacts c ON fe.contact_id = c.id
WHERE fe.workspace_id = 'YOUR_WORKSPACE_ID'
ORDER BY fe.created_at DESC
LIMIT 10;
`.replace("YOUR_WORKSPACE_ID", app.ours.workspaceId),
      )
      .execute(app.db.owner);
    expect(first.rows[0]).toMatchObject({
      id: started.body.taskId,
      flow_id: flowId,
      contact_id: contactId,
      status: "completed",
      source: "api",
      started_at: expect.any(Date),
      flow_name: "Welcome Flow",
      contact_name: "Grace Hopper",
    });

    const second = await sql
      .raw(
        `
SELECT 
  fes.id,
  fes.flow_execution_id,
  fes.node_id,
  fes.node_type,
  fes.status,
  fes.started_at,
  fes.completed_at
FROM flow_execution_steps fes
WHERE fes.flow_execution_id = 'YOUR_EXECUTION_ID'
ORDER BY fes.created_at;
`.replace("YOUR_EXECUTION_ID", started.body.taskId),
      )
      .execute(app.db.owner);
    expect(second.rows.map((row) => (row as { node_type: string }).node_type)).toEqual(["start", "send_sms", "send_email", "end"]);
    for (const row of second.rows) {
      expect(row).toMatchObject({ flow_execution_id: started.body.taskId, status: "completed", completed_at: expect.any(Date) });
    }
  });

  test("with trigger data in its messages", async () => {
    const flow = await buildFlow(
      app.db.owner,
      app.ours.workspaceId,
      chain(node("start"), sms("Order {{trigger.order.id}} is on its way"), node("end")),
    );
    const started = await key.post(workflow, body({ workflowId: flow, triggerData: { order: { id: "A-17" } } }));
    await app.driver.runUntilIdle();
    expect(await messagesOf(started.body.taskId)).toMatchObject([{ body: "Order A-17 is on its way" }]);
  });

  test("by the definition in the request instead of the stored one, which stays as it is", async () => {
    const workflowDefinition = chain(node("start"), sms("Another text"), node("end"));
    const started = await key.post(workflow, body({ workflowDefinition, bypassDatabaseLookup: true, triggerData: {}, isTest: false }));
    await app.driver.runUntilIdle();
    expect(await messagesOf(started.body.taskId)).toMatchObject([{ body: "Another text" }]);
    const next = await key.post(forContact, body());
    await app.driver.runUntilIdle();
    expect((await messagesOf(next.body.taskId))[0]).toMatchObject({ body: "Hi Grace" });
  });

  test("by the third address, flow in the path", async () => {
    const answer = await key.post(`/api/workflows/${flowId}/execute`, { contactId });
    expect(answer.body).toMatchObject({ success: true, workflowId: flowId, contactName: "Grace Hopper" });
    expect((await key.post(`/api/workflows/${randomUUID()}/execute`, { contactId })).body.code).toBe("flow_not_found");
    expect((await key.post("/api/workflows/welcome/execute", { contactId })).status).toBe(400);
    await app.driver.runUntilIdle();
  });

  test("as a test: its messages are marked and stay on this machine", async () => {
    const started = await key.post(forContact, body({ isTest: true }));
    await app.driver.runUntilIdle();
    const sent = await messagesOf(started.body.taskId);
    expect(sent).toHaveLength(2);
    expect(sent.every(({ is_test }) => is_test)).toBe(true);
  });

  test("once for a repeated Idempotency-Key, also when the first answer was lost after the work was done", async () => {
    const again = key.with({ "idempotency-key": "order-17" });
    const before = await executions();
    const first = await again.post(forContact, body());
    const second = await again.post(forContact, body());
    expect(second.body).toEqual(first.body);
    expect(second.headers.get("idempotent-replayed")).toBe("true");
    // This is the state after a crash between the engine's commit and the API's: the stored answer is gone and the
    // execution is not.
    await sql`delete from idempotency_keys`.execute(app.db.owner);
    const third = await again.post(forContact, body());
    expect(third.body).toEqual(first.body);
    expect(await executions()).toBe(before + 1);
    expect((await again.post(forContact, body({ isTest: true }))).body.code).toBe("idempotency_key_reused");
    await app.driver.runUntilIdle();
  });

  test("and says in the history who did it: a key by its name, a person by theirs", async () => {
    const byKey = await key.post(forContact, body());
    const editor = await app.ours.as("editor");
    const byPerson = await editor.post(forContact, body());
    const historyOf = async (id: string) => (await editor.get(`/api/executions/${id}`)).body;
    expect(await historyOf(byKey.body.taskId)).toMatchObject({ source: "api", reason: "API call (Key flows:send flows:write)" });
    expect(await historyOf(byPerson.body.taskId)).toMatchObject({
      source: "manual",
      reason: "Manual send",
      launchedByName: "editor member",
    });
    await app.driver.runUntilIdle();
  });
});

describe("a test that skips its waits", () => {
  const waiting = chain(node("start"), sms("One"), wait(86_400), sms("Two", {}, "two"), node("end"));

  test("is refused for an execution that is no test", async () => {
    const before = await executions();
    expect((await key.post(workflow, body({ skipWaits: true }))).body).toMatchObject({
      code: "invalid_request",
      problems: [{ path: "skipWaits" }],
    });
    const send = { flowId, selection: { type: "ids", ids: [contactId] }, skipWaits: true };
    expect((await key.post("/api/sends", send)).body).toMatchObject({ code: "invalid_request", problems: [{ path: "skipWaits" }] });
    expect(await executions()).toBe(before);
  });

  test("runs a graph that is only drawn, of a flow that was never published, to its end", async () => {
    const { body: made } = await (await app.ours.as("editor")).post("/api/flows", { name: "Drawn", nodes: [], edges: [] });
    const drawn = { workflowId: made.id, workflowDefinition: waiting, isTest: true, skipWaits: true };
    const { status, body: started, text } = await (await app.ours.as("editor")).post(workflow, { ...body(), ...drawn });
    expect(status, text).toBe(200);
    await app.driver.runUntilIdle();
    expect((await messagesOf(started.taskId)).map(({ body: said, is_test }) => [said, is_test])).toEqual([
      ["One", true],
      ["Two", true],
    ]);
    expect((await key.get(`/api/executions/${started.taskId}`)).status).toBe(403);
    expect((await (await app.ours.as("viewer")).get(`/api/executions/${started.taskId}`)).body).toMatchObject({
      status: "completed",
      isTest: true,
    });
  });
});
