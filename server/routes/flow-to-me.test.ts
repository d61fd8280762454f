import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, email, node, sms, wait } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let editor: Client;
let flowId: string;
let contactId: string;

const phone = "+14155550123";
const flow = chain(
  node("start"),
  email("Hi {{ firstname }}", { kind: "marketing", html: "<p>Hello {{ firstname }}</p>" }),
  wait(2 * 86_400),
  sms("Still there, {{ firstname }}?"),
  node("update_contact", { changes: [{ field: "lead_status", operation: "set", value: "Customer" }] }),
  node("end"),
);
beforeAll(async () => {
  app = await startTestApp();
  editor = await app.ours.as("editor");
  const { workspaceId } = app.ours;
  flowId = await buildFlow(app.db.owner, workspaceId, flow);
  contactId = await buildContact(app.db.owner, workspaceId, { firstname: "Ann", lead_status: "New" });
});
afterAll(() => app.stop());
beforeEach(async () => {
  for (const table of ["private.rate_limits", "private.member_phones", "suppressions", "messages"] as const)
    await app.db.owner.deleteFrom(table).execute();
});

const mail = { nodeId: "email", visit: 2 };
const text = { nodeId: "sms", visit: 4 };
const send = (more: object = mail, client = editor) => client.post("/api/flow-to-me", { flowId, contactId, ...more });
const look = (more: object = {}, client = editor) => client.post("/api/forecasts/contact", { flowId, contactId, asTest: true, ...more });
const messages = () => app.db.owner.selectFrom("messages").selectAll().orderBy("created_at").execute();
const proveMyPhone = async () => {
  await app.db.owner
    .insertInto("private.member_phones")
    .values({ workspace_id: app.ours.workspaceId, user_id: await app.ours.userId("editor"), phone, proven_at: new Date() })
    .execute();
};

describe("it is refused", () => {
  test("to viewers, and to keys whatever they may, because those have no address", async () => {
    expect((await send(mail, await app.ours.as("viewer"))).status).toBe(403);
    expect((await send(mail, await app.ours.key(["flows:send", "flows:read", "contacts:read", "contacts:write"]))).status).toBe(403);
    expect(await messages()).toEqual([]);
  });

  test("for a contact and a flow of another workspace, as for those that do not exist", async () => {
    const theirs = await buildContact(app.db.owner, app.theirs.workspaceId);
    const theirFlow = await buildFlow(app.db.owner, app.theirs.workspaceId, flow);
    const [foreign, none] = [await send({ ...mail, contactId: theirs }), await send({ ...mail, contactId: randomUUID() })];
    expect([foreign.status, foreign.body.code, foreign.body.error]).toEqual([none.status, none.body.code, none.body.error]);
    expect(foreign.body.code).toBe("contact_not_found");
    expect((await send({ ...mail, flowId: theirFlow })).body.code).toBe("flow_not_found");
    expect(await messages()).toEqual([]);
  });

  test("with an address of somebody else, which is no part of the request", async () => {
    for (const more of [{ to: "eve@example.com" }, { email: "eve@example.com" }, { phone: "+14155550199" }, { userId: randomUUID() }])
      expect((await send({ ...mail, ...more })).body.code).toBe("invalid_request");
    expect(await messages()).toEqual([]);
  });

  test("where no message stands: another step, another visit, or a contact who would get none", async () => {
    for (const where of [
      { nodeId: "delay", visit: 3 },
      { nodeId: "email", visit: 9 },
      { nodeId: "nowhere", visit: 1 },
    ])
      expect((await send(where)).body.code).toBe("conflict");
    const mute = await buildContact(app.db.owner, app.ours.workspaceId, { email: null });
    expect((await send({ ...mail, contactId: mute })).body).toMatchObject({
      code: "conflict",
      error: "The contact gets no message at this step. No e-mail address.",
    });
    expect(await messages()).toEqual([]);
  });

  test("with the reason that is in the way of the contact: an address that bounced, a value that is missing", async () => {
    const { workspaceId } = app.ours;
    const address = "bounced@example.com";
    const bounced = await buildContact(app.db.owner, workspaceId, { email: address });
    await app.db.owner
      .insertInto("suppressions")
      .values({ workspace_id: workspaceId, channel: "email", address, reason: "bounced_before" })
      .execute();
    expect((await send({ ...mail, contactId: bounced })).body).toMatchObject({
      code: "conflict",
      error: "The contact gets no message at this step. An earlier message to this address bounced.",
    });
    const nameless = await buildContact(app.db.owner, workspaceId, { firstname: "" });
    const { body } = await send({ ...mail, contactId: nameless });
    expect([body.code, body.error]).toEqual([
      "conflict",
      "The contact gets no message at this step. A merge field of the message has no value for this contact.",
    ]);
  });

  test("for a text message while no number of mine is proven, also where that of another member is", async () => {
    await app.db.owner
      .insertInto("private.member_phones")
      .values({ workspace_id: app.ours.workspaceId, user_id: await app.ours.userId("admin"), phone, proven_at: new Date() })
      .execute();
    expect((await send(text)).body.code).toBe("provider_refused");
    expect(await messages()).toEqual([]);
  });

  test("where my own address wants no messages, or the contact’s do not leave", async () => {
    await proveMyPhone();
    const { workspaceId } = app.ours;
    await app.db.owner
      .insertInto("suppressions")
      .values({ workspace_id: workspaceId, channel: "sms", address: phone, reason: "opted_out_sms" })
      .execute();
    expect((await send(text)).body).toMatchObject({ code: "provider_refused", error: expect.stringContaining("Opted out of SMS") });
    const stopped = await buildContact(app.db.owner, workspaceId, { sms_opted_out_at: new Date() });
    await app.db.owner.deleteFrom("suppressions").execute();
    expect((await send({ ...text, contactId: stopped })).body.code).toBe("conflict");
    expect(await messages()).toEqual([]);
  });

  test("after thirty messages in ten minutes, also when they are asked for at once", async () => {
    const answers = await Promise.all(Array.from({ length: 34 }, () => send()));
    const told = answers.map(({ status, body }) => (status === 200 ? "sent" : body.code));
    expect(told.filter((one) => one === "sent").length).toBeLessThanOrEqual(30);
    expect(await messages()).toHaveLength(told.filter((one) => one === "sent").length);
    await app.db.owner.updateTable("private.rate_limits").set({ count: 30 }).where("key", "like", "flow-to-me%").execute();
    expect((await send()).status).toBe(429);
  });
});

test("what the contact would get comes to me, filled in for them and marked TEST, and nothing is written of them", async () => {
  await proveMyPhone();
  const { workspaceId } = app.ours;
  const before = await app.db.owner.selectFrom("contacts").selectAll().where("id", "=", contactId).execute();
  const { body: way } = await look();
  const shown = way.steps.map(({ nodeId, visit, message }: { nodeId: string; visit: number; message: { to: string } | null }) => [
    nodeId,
    visit,
    message !== null,
  ]);
  expect(shown).toEqual([
    ["start", 1, false],
    ["email", 2, true],
    ["delay", 3, false],
    ["sms", 4, true],
    ["update_contact", 5, false],
    ["end", 6, false],
  ]);
  expect((await send(mail)).status).toBe(200);
  expect((await send(text)).status).toBe(200);
  const [first, second] = await messages();
  expect(first).toMatchObject({
    subject: "TEST: Hi Ann",
    is_test: true,
    contact_id: null,
    send_id: null,
    flow_execution_id: null,
    status: "sent",
  });
  expect(first?.to_address).not.toBe(before[0]?.email);
  expect(first?.body).toMatch(/^TEST\. .*Ann.* would get this:/);
  expect(first?.html).toContain("TEST");
  // Its link to unsubscribe is that of a preview, so a click on it changes nothing.
  expect(first?.body).toMatch(/\/u\/preview/);
  expect(second).toMatchObject({ to_address: phone, body: "TEST: Still there, Ann?", is_test: true, contact_id: null });

  expect(await app.db.owner.selectFrom("contacts").selectAll().where("id", "=", contactId).execute()).toEqual(before);
  expect(await app.db.owner.selectFrom("contact_consents").selectAll().where("contact_id", "=", contactId).execute()).toEqual([]);
  for (const table of ["flow_executions", "flow_sends", "tracked_links"] as const)
    expect(await app.db.owner.selectFrom(table).selectAll().where("workspace_id", "=", workspaceId).execute(), table).toEqual([]);
  expect((await editor.get(`/api/contacts/${contactId}/timeline`)).body.items).toEqual([]);
  const { body: log } = await (await app.ours.as("admin")).get("/api/audit-log");
  expect(log.items.map(({ action }: { action: string }) => action)).toContain("flow.to_me");
  expect(JSON.stringify(log)).not.toContain(phone.slice(2));
});

test("it asks neither who may enter the flow nor what the contact may still get, as a test does", async () => {
  const { workspaceId } = app.ours;
  const once = await buildFlow(app.db.owner, workspaceId, chain(node("start", { reEntry: { rule: "once" } }), sms("Hi")));
  const who = await buildContact(app.db.owner, workspaceId);
  expect((await editor.post("/api/sends", { flowId: once, selection: { type: "ids", ids: [who] }, undoSeconds: 0 })).status).toBe(202);
  await app.driver.runUntilIdle();
  const asked = { flowId: once, contactId: who };
  expect((await look({ ...asked, asTest: false })).body).toMatchObject({ notStarted: "was_here_recently" });
  expect((await look(asked)).body).toMatchObject({ notStarted: null, steps: [{}, { nodeId: "sms", status: "completed" }] });
});

test("values given in the form are those of the texts, and what is missing is refused at its place", async () => {
  const { workspaceId } = app.ours;
  const inputs = [{ name: "code", label: "Code", type: "text", required: true }];
  const asking = await buildFlow(app.db.owner, workspaceId, chain(node("start", { inputs }), email("Code {{ input.code }}")));
  expect((await send({ ...mail, flowId: asking })).body).toMatchObject({ code: "values_invalid", problems: [{ path: "values.code" }] });
  expect((await send({ ...mail, flowId: asking, values: { code: "A1" } })).status).toBe(200);
  expect((await messages()).at(-1)?.subject).toBe("TEST: Code A1");
});
