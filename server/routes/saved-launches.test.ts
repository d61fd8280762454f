import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let maker: Client;
let other: Client;
let admin: Client;
let flowId: string;

beforeAll(async () => {
  app = await startTestApp();
  await app.resources.engine.start();
  [maker, other, admin] = [await app.ours.as("editor"), await app.ours.as("owner"), await app.ours.as("admin")];
  flowId = await buildFlow(app.db.owner, app.ours.workspaceId, chain(node("start"), sms()), "Offer");
  await buildContact(app.db.owner, app.ours.workspaceId, { lead_status: "New" });
});
afterAll(async () => {
  await app.resources.engine.stop();
  await app.stop();
});

const terms = {
  filter: { tests: [{ field: "lead_status", operator: "is", value: "New" }] },
  exclude: { messagedDays: 7 },
  values: { amount: { field: "custom.price", fallback: 1 } },
  startsAt: { time: "09:00" },
  notLaterThan: { time: "18:00", days: 1 },
  canary: { percent: 5, minutes: 40 },
};
const save = async (more: object = {}) => (await maker.post("/api/saved-launches", { name: "Monday offer", flowId, terms, ...more })).body;
const names = async (client: Client) => (await client.get("/api/saved-launches")).body.items.map(({ id }: { id: string }) => id);

describe("a saved launch is refused", () => {
  test("with everything that is wrong with it, for a flow of others, to viewers and to keys", async () => {
    const wrong = await maker.post("/api/saved-launches", {
      name: " ",
      flowId: "x",
      terms: {
        filter: { tests: [{ field: "no", operator: "is" }] },
        startsAt: { time: "25:00" },
        exclude: { messagedDays: 0 },
        canary: { minutes: 0 },
      },
    });
    expect([wrong.status, wrong.body.code]).toEqual([400, "invalid_request"]);
    expect(wrong.body.problems.length).toBeGreaterThan(5);
    const theirs = await buildFlow(app.db.owner, app.theirs.workspaceId, chain(node("start"), sms()));
    for (const id of [theirs, randomUUID()]) {
      expect((await maker.post("/api/saved-launches", { name: "X", flowId: id, terms })).body.code).toBe("flow_not_found");
    }
    expect((await (await app.ours.as("viewer")).get("/api/saved-launches")).status).toBe(403);
    expect((await (await app.ours.key(["flows:send", "contacts:read"])).get("/api/saved-launches")).status).toBe(403);
  });

  test("to others while it is private, in the words for what does not exist", async () => {
    const { id } = await save();
    for (const client of [other, admin, await app.theirs.as("owner")]) {
      const answers = [
        await client.patch(`/api/saved-launches/${id}`, { name: "Mine now" }),
        await client.delete(`/api/saved-launches/${id}`),
      ];
      expect(answers.map(({ status }) => status)).toEqual([404, 404]);
      expect(await names(client)).not.toContain(id);
    }
    expect(await names(maker)).toContain(id);
  });

  test("for a change by somebody who did not make it and is no admin, although it is shared", async () => {
    const mine = (await other.post("/api/saved-launches", { name: "Shared", flowId, terms, shared: true })).body;
    expect(await names(maker)).toContain(mine.id);
    expect((await maker.get("/api/saved-launches")).body.items.find(({ id }: { id: string }) => id === mine.id)).toMatchObject({
      mayChange: false,
      shared: true,
    });
    expect((await maker.patch(`/api/saved-launches/${mine.id}`, { name: "Mine now" })).status).toBe(403);
    expect((await maker.delete(`/api/saved-launches/${mine.id}`)).status).toBe(403);
    expect((await admin.patch(`/api/saved-launches/${mine.id}`, { name: "Tidied" })).body).toMatchObject({
      name: "Tidied",
      mayChange: true,
    });
    expect((await admin.delete(`/api/saved-launches/${mine.id}`)).status).toBe(200);
  });
});

test("it keeps what it was told, and its maker renames, shares and deletes it", async () => {
  const made = await save();
  expect(made).toMatchObject({ name: "Monday offer", flowName: "Offer", shared: false, mayChange: true, lastSend: null });
  expect(made.terms).toEqual({
    ...terms,
    oncePerAddress: true,
    filter: terms.filter,
    startsAt: { time: "09:00", zone: "workspace" },
  });
  const shared = await maker.patch(`/api/saved-launches/${made.id}`, { name: "Offer", shared: true });
  expect(shared.body).toMatchObject({ name: "Offer", shared: true });
  expect(await names(other)).toContain(made.id);
  expect((await maker.delete(`/api/saved-launches/${made.id}`)).body).toEqual({ success: true });
  expect(await names(maker)).not.toContain(made.id);
});

test("a send that names it is its last result, also when somebody else has sent it, and one that is private to another is passed over", async () => {
  const { id } = await save({ shared: true });
  const secret = await save();
  const selection = { type: "filter", filter: terms.filter };
  const sent = await other.post("/api/sends", { flowId, selection, savedLaunchId: id, undoSeconds: 0 });
  expect(sent.status).toBe(202);
  await app.driver.runUntilIdle();
  const { items } = (await maker.get("/api/saved-launches")).body;
  expect(items[0]).toMatchObject({ id, lastSend: { id: sent.body.send.id, total: 1, enrolled: 1, failed: 0 } });
  expect((await other.post("/api/sends", { flowId, selection, savedLaunchId: secret.id })).status).toBe(202);
  const found = (await maker.get("/api/saved-launches")).body.items.find((one: { id: string }) => one.id === secret.id);
  expect(found.lastSend).toBeNull();
  await maker.delete(`/api/saved-launches/${id}`);
  expect((await maker.get(`/api/sends/${sent.body.send.id}`)).status).toBe(200);
});

test("what a member keeps to themselves goes with them, and what they share stays", async () => {
  const tenant = await app.createTenant("Leaving");
  const leaver = await tenant.as("editor");
  const flow = await buildFlow(app.db.owner, tenant.workspaceId, chain(node("start"), sms()));
  const make = async (shared: boolean) =>
    (await leaver.post("/api/saved-launches", { name: "L", flowId: flow, terms, shared })).body.id as string;
  const [kept, gone] = [await make(true), await make(false)];
  const { made_by } = await app.db.owner.selectFrom("saved_launches").select("made_by").where("id", "=", gone).executeTakeFirstOrThrow();
  await app.db.owner
    .deleteFrom("workspace_members")
    .where("workspace_id", "=", tenant.workspaceId)
    .where("user_id", "=", made_by as string)
    .execute();
  const rows = await app.db.owner
    .selectFrom("saved_launches")
    .select(["id", "made_by"])
    .where("workspace_id", "=", tenant.workspaceId)
    .execute();
  expect(rows).toEqual([{ id: kept, made_by: null }]);
});
