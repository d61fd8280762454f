import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, email, node, sms, wait } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";
import { expectTotalsToAddUp } from "#test/totals.ts";

let app: TestApp;
let editor: Client;
let flowId: string;
let people: string[];
const letter = chain(node("start"), sms("Hi"), wait(3_600), email("Later"), node("end"));

beforeAll(async () => {
  app = await startTestApp();
  await app.resources.engine.start();
  editor = await app.ours.as("editor");
  flowId = await buildFlow(app.db.owner, app.ours.workspaceId, letter, "Letter");
  people = await buildContacts(app.db.owner, app.ours.workspaceId, 4);
});
afterEach(() => expectTotalsToAddUp(app.db.owner));
afterAll(async () => {
  await app.resources.engine.stop();
  await app.stop();
});

async function begin(more: Record<string, unknown> = {}, client = editor) {
  const { status, body } = await client.post("/api/sends", { flowId, selection: { type: "ids", ids: people }, ...more });
  expect([status, body.error]).toEqual([202, undefined]);
  return body.send;
}
const texts = () =>
  sql<{ n: number }>`select count(*)::int as n from messages where workspace_id = ${app.ours.workspaceId}`
    .execute(app.db.owner)
    .then(({ rows }) => rows[0]?.n);

test.each([
  ["a start that is no day", { start: { at: "2027-02-30T09:00" } }, "start.at"],
  ["a drip faster than ten seconds", { drip: { count: 1, everySeconds: 1 } }, "drip.everySeconds"],
  [
    "a drip on each contact's own clock",
    { start: { at: "2027-02-03T09:00", zone: "contact" }, drip: { count: 1, everySeconds: 60 } },
    "drip",
  ],
  ["more than a minute to undo", { undoSeconds: 61 }, "undoSeconds"],
])("%s is refused", async (_, more, path) => {
  const { status, body } = await editor.post("/api/sends", { flowId, selection: { type: "ids", ids: people }, ...more });
  expect([status, body.problems?.map((problem: { path: string }) => problem.path)]).toEqual([400, [path]]);
});

test("a person can undo for as long as the workspace says; a program's send leaves at once", async () => {
  const admin = await app.ours.as("admin");
  expect((await admin.patch("/api/workspace", { undoSeconds: 20 })).body.undoSeconds).toBe(20);
  const send = await begin();
  expect(new Date(send.undoUntil).getTime() - new Date(send.createdAt).getTime()).toBe(20_000);
  const undone = await editor.post(`/api/sends/${send.id}/undo`, {});
  expect(undone.body).toMatchObject({
    sent: 0,
    ended: 0,
    stopped: 4,
    finishing: 0,
    inFlight: 0,
    inFlightItems: [],
    send: { state: "undone" },
  });
  expect(undone.body.send.changedByName).toEqual(expect.any(String));
  await app.driver.runUntilIdle();
  expect(await texts()).toBe(0);
  expect((await editor.post(`/api/sends/${send.id}/undo`, {})).body.code).toBe("send_over");

  const byKey = await begin({}, await app.ours.key(["flows:send"]));
  expect(byKey.undoUntil).toBeNull();
  expect((await editor.post(`/api/sends/${byKey.id}/undo`, {})).body.code).toBe("undo_over");
  await editor.post(`/api/sends/${byKey.id}/stop`, {});
  await admin.patch("/api/workspace", { undoSeconds: 0 });
  await app.driver.runUntilIdle();
});

test("an admin, and nobody below, says what becomes of messages in doubt, by channel; see engine/messages/in-doubt.test.ts for what comes of it", async () => {
  const admin = await app.ours.as("admin");
  expect((await editor.patch("/api/workspace", { emailInDoubt: "resend" })).status).toBe(403);
  expect((await admin.patch("/api/workspace", { emailInDoubt: "forget" })).status).toBe(400);
  expect((await admin.patch("/api/workspace", { emailInDoubt: "resend" })).body).toMatchObject({
    emailInDoubt: "resend",
    smsInDoubt: "hold",
  });
  const rules = app.db.owner.selectFrom("workspaces").select(["email_in_doubt", "sms_in_doubt"]).where("id", "=", app.ours.workspaceId);
  expect(await rules.execute()).toEqual([{ email_in_doubt: "resend", sms_in_doubt: "hold" }]);
  await admin.patch("/api/workspace", { emailInDoubt: "hold" });
});

test("pause, resume and stop, with the account at the end", async () => {
  const send = await begin();
  expect((await editor.post(`/api/sends/${send.id}/pause`, {})).body.state).toBe("paused");
  await app.driver.runUntilIdle();
  expect(await texts()).toBe(0);
  expect((await editor.post(`/api/sends/${send.id}/resume`, {})).body.state).toBe("running");
  await app.driver.runUntilIdle();
  const stopped = await editor.post(`/api/sends/${send.id}/stop`, {});
  expect(stopped.body).toMatchObject({ sent: 0, captured: 4, ended: 0, stopped: 4, finishing: 0, inFlight: 0, send: { state: "stopped" } });
  await app.driver.runUntilIdle();
  expect((await editor.get(`/api/sends/${send.id}`)).body).toMatchObject({ cancelled: 4, active: 0, state: "stopped" });
  expect((await editor.post(`/api/sends/${send.id}/resume`, {})).body.code).toBe("send_over");
});

test("a schedule is shown, and changed while nobody has begun", async () => {
  const send = await begin({ start: { at: "2031-05-06T09:00" } });
  expect(send).toMatchObject({ start: { at: "2031-05-06T09:00", zone: "workspace" }, nextAt: "2031-05-06T09:00:00.000Z" });
  const later = await editor.patch(`/api/sends/${send.id}`, { start: { at: "2031-05-07T09:00" }, drip: { count: 1, everySeconds: 60 } });
  expect(later.body).toMatchObject({
    nextAt: "2031-05-07T09:00:00.000Z",
    firstRoundAt: "2031-05-07T09:00:00.000Z",
    drip: { count: 1, everySeconds: 60 },
  });
  expect((await editor.patch(`/api/sends/${send.id}`, {})).status).toBe(400);
  await editor.post(`/api/sends/${send.id}/stop`, {});
  await app.driver.runUntilIdle();
});

test("one execution is cancelled, and cannot be cancelled twice or retried", async () => {
  const send = await begin();
  await app.driver.runUntilIdle();
  const { items } = (await editor.get(`/api/executions?sendId=${send.id}`)).body;
  const { body } = await editor.post(`/api/executions/${items[0].id}/cancel`, {});
  expect(body).toMatchObject({ inFlight: false, execution: { status: "cancelled", endedReason: "cancelled" } });
  expect((await editor.post(`/api/executions/${items[0].id}/cancel`, {})).body.code).toBe("execution_over");
  expect((await editor.get(`/api/executions/${items[0].id}/retry`)).body.executions).toBe(0);
  expect((await editor.post(`/api/executions/${items[0].id}/retry`, {})).body.code).toBe("nothing_to_retry");
  await editor.post(`/api/sends/${send.id}/stop`, {});
  await app.driver.runUntilIdle();
});
