import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

describe("limits are refused", () => {
  test.each([
    [{}, /name lanes, channels or messages/],
    [{ messages: {} }, /name perContactDay, perHour or perDay/],
    [{ messages: { perContactDay: 0 } }, /perContactDay/],
    [{ messages: { perHour: 100_000_001 } }, /perHour/],
    [{ messages: { perDay: 0 } }, /perDay/],
    [{ lanes: 0 }, /lanes/],
    [{ lanes: 65 }, /lanes/],
    [{ channels: [{ channel: "sms", perMinute: 0 }] }, /perMinute/],
    [{ channels: [{ channel: "fax", perMinute: 1 }] }, /channel/],
    [{ channels: [1, 2].map((perMinute) => ({ channel: "sms", perMinute })) }, /names a channel twice/],
    [{ lanes: 2, workers: 9 }, /workers/],
  ])("when they are %j", async (body, expected) => {
    const answer = await (await app.ours.as("admin")).patch("/api/queue/limits", body);
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(expected);
  });

  test("to an editor", async () => {
    expect((await (await app.ours.as("editor")).patch("/api/queue/limits", { lanes: 2 })).status).toBe(403);
  });
});

test("limits are in force at once, shown to viewers, and written to the audit log with what they are", async () => {
  const limits = { lanes: 3, channels: [{ channel: "sms", perMinute: 90 }] };
  expect((await (await app.ours.as("admin")).patch("/api/queue/limits", limits)).status).toBe(200);
  const { body } = await (await app.ours.as("viewer")).get("/api/queue");
  expect(body).toMatchObject({
    lanes: { limit: 3 },
    channels: [
      { channel: "sms", perMinute: 90 },
      { channel: "email", perMinute: null },
    ],
  });
  expect((await (await app.theirs.as("viewer")).get("/api/queue")).body).toMatchObject({
    lanes: { limit: 4 },
    channels: [{ perMinute: null }, {}],
  });
  const entries = await app.db.owner.selectFrom("audit_log").selectAll().where("action", "=", "queue.limit").execute();
  expect(entries.map(({ workspace_id, details }) => ({ workspace_id, details }))).toEqual([
    { workspace_id: app.ours.workspaceId, details: { before: { lanes: 4, channels: [{ channel: "sms", perMinute: null }] }, ...limits } },
  ]);
  const admin = await app.ours.as("admin");
  await admin.patch("/api/queue/limits", {
    channels: [{ channel: "sms", perMinute: null }],
    messages: { perContactDay: 3, perHour: 500, perDay: 7_000 },
  });
  await admin.patch("/api/queue/limits", { messages: { perHour: null } });
  // A limit that is not named stays, and a null takes it back to the usual one.
  expect((await admin.get("/api/queue")).body.messages).toEqual({
    perContactDay: 3,
    perHour: 1_000_000,
    usedThisHour: 0,
    nextHourAt: null,
    perDay: 7_000,
    usedThisDay: 0,
    nextDayAt: null,
  });
  await admin.patch("/api/queue/limits", { messages: { perContactDay: null } });
  expect((await (await app.theirs.as("viewer")).get("/api/queue")).body.messages).toMatchObject({
    perContactDay: 50,
    perHour: 1_000_000,
    perDay: 100_000,
  });
});

test("a send goes through the places of the queue: queued, waiting, held, queued again, gone", async () => {
  const { workspaceId } = app.ours;
  const contactIds = await buildContacts(app.db.owner, workspaceId, 30);
  const flowId = await buildFlow(app.db.owner, workspaceId, chain(node("start"), wait(120), sms(), node("end")), "Thirty");
  const editor = await app.ours.as("editor");
  const body = { flowId, selection: { type: "ids", ids: contactIds }, undoSeconds: 0 };
  const { send } = (await editor.post("/api/sends", body)).body;
  const places = async () => {
    const { active, executing, queued, waiting, held, sends } = (await editor.get("/api/queue")).body;
    expect(sends.map(({ flowName }: { flowName: string }) => flowName)).toEqual(active > 0 ? ["Thirty"] : []);
    return { active, executing, queued, waiting, held };
  };
  const none = { active: 30, executing: 0, queued: 0, waiting: 0, held: 0 };
  expect(await places()).toEqual({ ...none, queued: 30 });
  await app.driver.runUntilIdle();
  expect(await places()).toEqual({ ...none, waiting: 30 });
  await editor.post(`/api/sends/${send.id}/pause`);
  expect(await places()).toEqual({ ...none, held: 30 });
  await editor.post(`/api/sends/${send.id}/resume`);
  expect(await places()).toEqual({ ...none, waiting: 30 });
  app.driver.clock.forward(121_000);
  await app.driver.runUntilIdle();
  expect(await places()).toEqual({ ...none, active: 0 });
});
