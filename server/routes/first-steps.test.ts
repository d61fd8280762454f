import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertInstanceAdmin } from "#db/queries/instance-admins.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const nothing = { country: false, timeZone: false, channel: false, contact: false, test: false };
const path = "/api/workspace/first-steps";

/** A new workspace with its owner. */
async function begin(body: Record<string, unknown> = { name: "New" }): Promise<{ owner: Client; id: string }> {
  const { client, userId } = await app.signUp();
  await app.db.owner.transaction().execute((tx) => insertInstanceAdmin(tx, { userId, namedBy: null }));
  const made = await client.post("/api/workspaces", body);
  expect(made.status).toBe(201);
  return { owner: client.with({ "x-workspace-id": made.body.id }), id: made.body.id };
}
const doneOf = async (client: Client) => (await client.get(path)).body.done;

describe("the first steps", () => {
  test("are for those who may settle them", async () => {
    for (const role of ["viewer", "editor"] as const) {
      expect((await (await app.ours.as(role)).get(path)).status).toBe(403);
      expect((await (await app.ours.as(role)).patch(path, { hidden: true })).status).toBe(403);
    }
    expect((await (await app.ours.as("admin")).get(path)).status).toBe(200);
  });

  test("are all to do in a workspace that was just made, although country and time zone have a value", async () => {
    const { owner } = await begin();
    expect((await owner.get(path)).body).toEqual({ hidden: false, done: nothing });
  });

  test("country and time zone are done where they were asked when the workspace was made", async () => {
    const { owner } = await begin({ name: "Asked", country: "AT", timeZone: "Europe/Vienna" });
    expect(await doneOf(owner)).toEqual({ ...nothing, country: true, timeZone: true });
  });

  test("country and time zone are done when they are changed or said to be right, and not when a form sends them back", async () => {
    const { owner } = await begin();
    await owner.patch("/api/workspace", { name: "Renamed", country: "US", timeZone: "UTC" });
    expect(await doneOf(owner)).toEqual(nothing);
    await owner.patch("/api/workspace", { country: "FR" });
    expect(await doneOf(owner)).toEqual({ ...nothing, country: true });
    const { body } = await owner.patch(path, { confirm: ["timeZone"] });
    expect(body.done).toEqual({ ...nothing, country: true, timeZone: true });
  });

  test("a contact is done while there is one", async () => {
    const { owner } = await begin();
    const contact = await owner.post("/api/contacts", { firstname: "Ann" });
    expect((await doneOf(owner)).contact).toBe(true);
    await owner.delete(`/api/contacts/${contact.body.id}`);
    expect((await doneOf(owner)).contact).toBe(false);
  });

  test("a message that stayed on this machine is no test, and a channel that stays here is none that sends", async () => {
    const { owner } = await begin();
    expect((await owner.post("/api/providers/email/test", { to: "me@example.com" })).status).toBe(200);
    expect(await doneOf(owner)).toEqual(nothing);
  });

  test("the channel is done while its provider really sends and has no trouble, and the test when it took a message", async () => {
    const { owner, id } = await begin();
    const smtp = { workspace_id: id, channel: "email" as const, provider: "smtp", settings: "{}" };
    await app.db.owner.insertInto("providers").values(smtp).execute();
    expect(await doneOf(owner)).toEqual({ ...nothing, channel: true });

    const message = { workspace_id: id, channel: "email" as const, provider: "smtp", is_test: true, to_address: "me@example.com" };
    await app.db.owner
      .insertInto("messages")
      .values([
        { ...message, status: "failed" },
        { ...message, is_test: false, status: "sent" },
      ])
      .execute();
    expect((await doneOf(owner)).test).toBe(false);
    await app.db.owner
      .insertInto("messages")
      .values({ ...message, status: "sent" })
      .execute();
    expect((await doneOf(owner)).test).toBe(true);

    const trouble = { failures: 1, trouble_reason: "provider_unavailable", trouble_since: new Date() };
    await app.db.owner
      .insertInto("private.channel_gates")
      .values({ workspace_id: id, channel: "email", ...trouble })
      .onConflict((conflict) => conflict.columns(["workspace_id", "channel"]).doUpdateSet(trouble))
      .execute();
    expect((await doneOf(owner)).channel).toBe(false);
  });

  test("are hidden for the whole workspace, and can be shown again", async () => {
    const { owner } = await begin();
    expect((await owner.patch(path, { hidden: true })).body.hidden).toBe(true);
    expect((await owner.get(path)).body.hidden).toBe(true);
    expect((await owner.patch(path, { hidden: false })).body.hidden).toBe(false);
    expect((await owner.patch(path, { confirm: ["channel"] })).status).toBe(400);
  });
});
