import { strFromU8, unzipSync } from "fflate";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { takeNoticesToMail } from "#db/queries/notices.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let editor: Client;
let admin: Client;
let owner: Client;
let viewer: Client;
let flowId: string;
let people: string[];

beforeAll(async () => {
  app = await startTestApp();
  await app.resources.engine.start();
  [viewer, editor, admin, owner] = [
    await app.ours.as("viewer"),
    await app.ours.as("editor"),
    await app.ours.as("admin"),
    await app.ours.as("owner"),
  ];
  flowId = await buildFlow(app.db.owner, app.ours.workspaceId, chain(node("start"), sms("Hi {{ firstname }}"), node("end")), "Letter");
  people = await buildContacts(app.db.owner, app.ours.workspaceId, 4);
});
beforeEach(async () => {
  expect((await admin.put("/api/workspace/approval-rules", { above: null, editors: true })).status).toBe(200);
});
afterAll(async () => {
  await app.resources.engine.stop();
  await app.stop();
});

async function ask(client = editor, more: Record<string, unknown> = {}) {
  const { status, body } = await client.post("/api/sends", { flowId, selection: { type: "ids", ids: people }, ...more });
  expect([status, body.error]).toEqual([202, undefined]);
  return body.send as { id: string; state: string; approval?: string };
}
const approvalOf = async (id: string, client = admin) => (await client.get(`/api/sends/${id}/approval`)).body;
const approve = async (id: string, client = admin, more: Record<string, unknown> = {}) =>
  client.post(`/api/sends/${id}/approve`, { hash: (await approvalOf(id)).hash, ...more });
const refuse = (id: string, client = admin, comment = "Not this week") => client.post(`/api/sends/${id}/refuse`, { comment });
const codes = async (answer: Promise<{ status: number; body: { code?: string } }>) => {
  const { status, body } = await answer;
  return [status, body.code];
};

describe("the rules", () => {
  test("are read by every member and set by admins and owners; the session tells them where a send may wait", async () => {
    const rules = { above: 100, editors: false, allFlows: true };
    for (const client of [viewer, editor]) {
      expect((await client.get("/api/workspace/approval-rules")).body).toMatchObject({ editors: true });
      expect((await client.put("/api/workspace/approval-rules", rules)).status).toBe(403);
    }
    expect((await owner.put("/api/workspace/approval-rules", rules)).body).toMatchObject({ ...rules, approvers: expect.any(Number) });
    const { workspaces } = (await editor.get("/api/session")).body;
    expect(workspaces[0].approval).toEqual(rules);
    await admin.put("/api/workspace/approval-rules", { above: null, editors: false });
    expect((await editor.get("/api/session")).body.workspaces[0].approval).toBeUndefined();
  });

  test("nothing but a number of contacts is taken", async () => {
    for (const above of [0, -1, 1.5, "many"])
      expect((await admin.put("/api/workspace/approval-rules", { above, editors: false })).status).toBe(400);
  });

  test("a workspace with one admin cannot have sends to many wait, and is told why", async () => {
    const alone = await app.createTenant("Alone");
    const only = await alone.as("owner");
    expect(await codes(only.put("/api/workspace/approval-rules", { above: 10, editors: false }))).toEqual([409, "approver_needed"]);
    expect((await only.put("/api/workspace/approval-rules", { above: null, editors: true })).status).toBe(200);
    await alone.as("admin");
    expect((await only.put("/api/workspace/approval-rules", { above: 10, editors: false })).body).toMatchObject({ approvers: 2 });
  });
});

describe("who may do what with a send that waits", () => {
  test("viewers and editors read it, and neither approve nor refuse", async () => {
    const send = await ask();
    expect(send).toMatchObject({ state: "awaiting_approval", approval: "asked" });
    for (const client of [viewer, editor]) {
      const approval = await approvalOf(send.id, client);
      expect(approval).toMatchObject({ state: "asked", contacts: 4, contactsNow: 4, mayNot: client === editor ? "own" : "role" });
      expect((await client.post(`/api/sends/${send.id}/approve`, { hash: approval.hash })).status).toBe(403);
      expect((await refuse(send.id, client)).status).toBe(403);
    }
    expect((await viewer.post(`/api/sends/${send.id}/stop`, {})).status).toBe(403);
    expect((await editor.post(`/api/sends/${send.id}/undo`, {})).body.send).toMatchObject({ state: "undone", approval: "withdrawn" });
    await app.driver.runUntilIdle();
  });

  test("an admin sees what it is about, and approves it; then the messages leave", async () => {
    const send = await ask(editor, { notLaterThan: "2031-05-06T09:00" });
    expect(await approvalOf(send.id)).toMatchObject({
      state: "asked",
      round: 1,
      flow: { version: 1, hasChanged: false, isArchived: false },
      returned: null,
      startPassed: false,
      isTooLate: false,
      mayNot: null,
    });
    const sample = await admin.get(`/api/sends/${send.id}/approval/sample`);
    expect([sample.status, sample.body.steps.flatMap(({ message }: { message: { text: string } | null }) => message?.text ?? [])]).toEqual([
      200,
      ["Hi Person"],
    ]);
    const { status, body } = await approve(send.id, admin, { comment: "Fine" });
    expect([status, body.approval]).toEqual([200, "approved"]);
    await app.driver.runUntilIdle();
    expect((await editor.get(`/api/sends/${send.id}`)).body).toMatchObject({ state: "done", enrolled: 4, approval: "approved" });
    expect(await approvalOf(send.id, editor)).toMatchObject({ state: "approved", comment: "Fine", contactsNow: null });
    expect(await codes(approve(send.id, owner))).toEqual([409, "approval_over"]);
    expect(await codes(refuse(send.id, owner))).toEqual([409, "approval_over"]);
    expect(await codes(admin.get(`/api/sends/${send.id}/approval/sample`))).toEqual([409, "approval_over"]);
  });

  test("a refusal needs a comment, which whoever asked reads", async () => {
    const send = await ask();
    expect((await refuse(send.id, admin, "  ")).body.problems).toMatchObject([{ path: "comment" }]);
    expect((await refuse(send.id)).body).toMatchObject({ state: "stopped", approval: "refused" });
    await app.driver.runUntilIdle();
    expect((await editor.get(`/api/sends/${send.id}`)).body).toMatchObject({ enrolled: 0, notEnrolled: 4 });
    expect(await approvalOf(send.id, editor)).toMatchObject({ state: "refused", comment: "Not this week" });
    expect((await editor.get(`/api/sends/${send.id}/skips`)).body.items).toEqual(
      Array(4).fill(expect.objectContaining({ reason: "not_approved" })),
    );
  });

  test("a send that needed none has none", async () => {
    await admin.put("/api/workspace/approval-rules", { above: null, editors: false });
    const send = await ask();
    expect(send.approval).toBeUndefined();
    expect((await admin.get(`/api/sends/${send.id}/approval`)).status).toBe(404);
    await app.driver.runUntilIdle();
  });
});

describe("what the approver sees", () => {
  const textsOf = async (sendId: string, contactId?: string) => {
    const { status, body } = await admin.get(`/api/sends/${sendId}/approval/sample${contactId ? `?contactId=${contactId}` : ""}`);
    expect([status, body.error]).toEqual([200, undefined]);
    return [body.contactId, ...body.steps.flatMap(({ message }: { message: { text: string } | null }) => message?.text ?? [])];
  };
  const askingFor = [{ name: "code", label: "Code", type: "text", required: false }];
  const codeFlow = () =>
    buildFlow(
      app.db.owner,
      app.ours.workspaceId,
      chain(node("start", { inputs: askingFor }), sms("Code {{ input.code }}"), node("end")),
      "Codes",
    );

  test("the values of single contacts, each by the name of its contact, and the messages of every one of them", async () => {
    const [first, second, third] = people as [string, string, string];
    const contactValues = [
      { contactId: third, values: { code: "3333" } },
      { contactId: second, values: { code: "2222" } },
    ];
    const send = await ask(editor, { flowId: await codeFlow(), values: { code: "all" }, contactValues });
    const content = await admin.get(`/api/sends/${send.id}/approval/content`);
    expect([content.status, content.body.graph]).toEqual([200, null]);
    const values = (value: string) => [{ name: "code", label: "Code", value }];
    expect(content.body.ownValues).toHaveLength(2);
    expect(content.body.ownValues).toEqual(
      expect.arrayContaining([
        { contactId: second, name: expect.stringContaining("Person"), values: values("2222") },
        { contactId: third, name: expect.stringContaining("Person"), values: values("3333") },
      ]),
    );
    expect(await textsOf(send.id)).toEqual([second, "Code 2222"]);
    expect(await textsOf(send.id, third)).toEqual([third, "Code 3333"]);
    expect(await textsOf(send.id, first)).toEqual([first, "Code all"]);
    await refuse(send.id);
    expect((await admin.get(`/api/sends/${send.id}/approval/content`)).body.ownValues).toEqual([]);
    await app.driver.runUntilIdle();
  });

  test("no sample of somebody to whom the send does not go, whether of this workspace or of another", async () => {
    const send = await ask();
    const [other] = await buildContacts(app.db.owner, app.ours.workspaceId, 1);
    const [foreign] = await buildContacts(app.db.owner, (await app.createTenant("Others")).workspaceId, 1);
    for (const id of [other, foreign])
      expect(await codes(admin.get(`/api/sends/${send.id}/approval/sample?contactId=${id}`))).toEqual([404, "contact_not_found"]);
    expect((await admin.get(`/api/sends/${send.id}/approval/sample?contactId=all`)).status).toBe(400);
    await refuse(send.id);
    await app.db.owner
      .deleteFrom("contacts")
      .where("id", "=", other as string)
      .execute();
    await app.driver.runUntilIdle();
  });

  test("viewers, and keys that may not read contacts or flows, see neither values nor texts", async () => {
    const send = await ask();
    expect((await viewer.get(`/api/sends/${send.id}/approval/content`)).status).toBe(403);
    for (const scopes of [["executions:read"], ["contacts:read", "contacts:write"], ["flows:read", "flows:write"]] as never[])
      expect((await (await app.ours.key(scopes)).get(`/api/sends/${send.id}/approval/content`)).status).toBe(403);
    await refuse(send.id);
    await app.driver.runUntilIdle();
  });

  test("a graph that came with the send is told as that, and the sample is of it and not of the flow that gave the name", async () => {
    const [contactId] = people;
    const workflowDefinition = chain(node("start"), sms("Quite another text"), node("end"));
    const sent = await editor.post("/api/unified-workflow/execute-workflow", {
      workflowId: flowId,
      contactId,
      workflowDefinition,
      bypassDatabaseLookup: true,
    });
    expect([sent.status, sent.body.status]).toEqual([200, "awaiting_approval"]);
    const id = sent.body.taskId as string;
    expect(await approvalOf(id)).toMatchObject({ flow: { isOwn: true, hasChanged: false } });
    expect((await admin.get(`/api/sends/${id}/approval/content`)).body.graph).toMatchObject({
      nodes: workflowDefinition.nodes.map(({ id: nodeId, type }) => ({ id: nodeId, type })),
    });
    expect(await textsOf(id)).toEqual([contactId, "Quite another text"]);
    await refuse(id);
    await app.driver.runUntilIdle();
  });

  test("whom it is for: the filter as it was chosen, or that the contacts were named", async () => {
    const named = await ask();
    expect(await approvalOf(named.id, viewer)).toMatchObject({ audience: { type: "ids" }, flow: { isOwn: false } });
    const filter = { search: "Person", tests: [{ field: "dnc", operator: "is", value: false }] };
    const filtered = await ask(editor, { selection: { type: "filter", filter, excluded: [people[0]] } });
    expect((await approvalOf(filtered.id)).audience).toEqual({ type: "filter", filter, excluded: 1 });
    for (const { id } of [named, filtered]) await refuse(id);
    await app.driver.runUntilIdle();
  });
});

describe("API keys", () => {
  test("stand for their maker: what an admin's key asks for, neither they nor another of their keys approves", async () => {
    await admin.put("/api/workspace/approval-rules", { above: 3, editors: false });
    const adminsKey = async () => {
      const { body } = await admin.post("/api/api-keys", { name: "Program", scopes: ["admin"] });
      return app.nobody.with({ authorization: `Bearer ${body.key}` });
    };
    const send = await ask(await adminsKey());
    expect(send.state).toBe("awaiting_approval");
    expect(await codes(approve(send.id, admin))).toEqual([403, "own_approval"]);
    expect(await codes(approve(send.id, await adminsKey()))).toEqual([403, "own_approval"]);
    expect((await approve(send.id, owner)).status).toBe(200);
    await app.driver.runUntilIdle();
  });

  test("may send nothing at once that their maker may not, and the founding document's routes keep their bodies", async () => {
    const key = await app.ours.key(["flows:send", "contacts:read"]);
    const [contactId] = people;
    const sent = await key.post("/api/unified-workflow/execute-for-contact", { workflowId: flowId, contactId });
    expect(sent.status).toBe(200);
    await app.driver.runUntilIdle();
    const byEditor = await editor.post("/api/unified-workflow/execute-for-contact", { workflowId: flowId, contactId });
    expect([byEditor.status, byEditor.body]).toEqual([
      200,
      {
        success: true,
        taskId: expect.any(String),
        workflowId: flowId,
        contactId,
        contactName: expect.any(String),
        status: "awaiting_approval",
        message: expect.any(String),
      },
    ]);
    expect((await editor.get(`/api/sends/${byEditor.body.taskId}`)).body).toMatchObject({ state: "awaiting_approval", total: 1 });
    await refuse(byEditor.body.taskId);
    await app.driver.runUntilIdle();
  });
});

test("an audience that moved: the approval is answered with the reason, and the send waits again", async () => {
  const flow = await buildFlow(app.db.owner, app.ours.workspaceId, chain(node("start"), sms("Hi"), node("end")), "Everybody");
  const everybody = { flowId: flow, selection: { type: "filter", filter: { tests: [] }, excluded: [] } };
  const send = await ask(editor, everybody);
  await buildContacts(app.db.owner, app.ours.workspaceId, 3);
  const { status, body } = await approve(send.id);
  expect([status, body.code]).toEqual([409, "approval_outdated"]);
  expect(body.error).toContain("The audience has moved from 4 contacts to 7 contacts");
  expect(await approvalOf(send.id)).toMatchObject({ state: "asked", round: 2, contacts: 7, returned: { because: "audience_moved" } });
  expect((await approve(send.id)).status).toBe(200);
  await app.driver.runUntilIdle();
});

test("notices: admins of what waits, and who asked of what was decided; nobody else", async () => {
  const send = await ask();
  const kinds = async (client: Client) =>
    (await client.get("/api/notices")).body.items
      .filter(({ sendId }: { sendId: string }) => sendId === send.id)
      .map(({ kind, detail }: { kind: string; detail: string }) => [kind, detail]);
  expect([await kinds(admin), await kinds(owner), await kinds(editor), await kinds(viewer)]).toEqual([
    [["approval_asked", null]],
    [["approval_asked", null]],
    [],
    [],
  ]);
  await refuse(send.id);
  expect([await kinds(admin), await kinds(editor), await kinds(viewer)]).toEqual([[], [["approval_decided", "refused"]], []]);
  await app.driver.runUntilIdle();
});

test("everything is in the audit log", async () => {
  const send = await ask();
  await approve(send.id);
  await app.driver.runUntilIdle();
  const entries = (await admin.get(`/api/audit-log?subjectType=send&limit=100`)).body.items as { action: string; subjectId: string }[];
  expect(
    entries
      .filter(({ subjectId }) => subjectId === send.id)
      .map(({ action }) => action)
      .toSorted(),
  ).toEqual(["send.approve", "send.ask", "send.create"]);
});

test("the evidence of a send names who asked, who approved, and what was said", async () => {
  const send = await ask();
  await approve(send.id, owner, { comment: "Go" });
  await app.driver.runUntilIdle();
  const response = await admin.fetch(`/api/sends/${send.id}/evidence`);
  const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
  const told = (name: string) => JSON.parse(strFromU8(files[name] as Uint8Array));
  expect(told("approval.json")).toMatchObject({
    state: "approved",
    asked_by: await app.ours.userId("editor"),
    decided_by: await app.ours.userId("owner"),
    comment: "Go",
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(told("acts.json").map(({ action }: { action: string }) => action)).toEqual(
    expect.arrayContaining(["send.ask", "send.create", "send.approve"]),
  );
});

test("by e-mail an ask goes to admins only, and what was decided only to who asked", async () => {
  for (const client of [viewer, editor, admin]) await client.put("/api/notices/settings", { byEmail: true });
  await app.db.owner.updateTable("notices").set({ mailed_at: new Date() }).execute();
  const send = await ask();
  const recipients = async () => (await takeNoticesToMail(app.db.owner)).map(({ kind, userIds }) => [kind, userIds]);
  expect(await recipients()).toEqual([["approval_asked", [await app.ours.userId("admin")]]]);
  await refuse(send.id);
  expect(await recipients()).toEqual([["approval_decided", [await app.ours.userId("editor")]]]);
  expect(await recipients()).toEqual([]);
  await app.driver.runUntilIdle();
});
