import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addMember } from "#db/queries/members.ts";
import { raiseFence, readFence } from "#db/queries/send-fence.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let claimer: Client;
beforeAll(async () => {
  app = await startTestApp();
  claimer = await app.ours.as("owner");
});
afterAll(() => app.stop());

/** A new member of our workspace, who is no instance admin. */
async function newMember() {
  const person = await app.signUp();
  await addMember(app.db.owner, { workspaceId: app.ours.workspaceId, userId: person.userId, role: "owner" });
  return person;
}
const allowWorkspaces = (allowed: boolean) => claimer.patch("/api/instance/settings", { membersMayCreateWorkspaces: allowed });

describe("letting a restored copy send", () => {
  test("is refused to the owner of any workspace, also of one that they made themselves", async () => {
    await raiseFence(app.db.owner);
    await allowWorkspaces(true);
    const { client } = await newMember();
    expect((await client.post("/api/workspaces", { name: "Mine" })).body.role).toBe("owner");
    const { status, body } = await client.post("/api/instance/release-sending");
    expect([status, body.code]).toEqual([403, "forbidden"]);
    expect(body.error).toBe("Only an admin of this instance may do this. A role in a workspace does not include it.");
    expect(await readFence(app.db.owner)).not.toBeNull();
  });

  test("is for instance admins, and stands in the log of every workspace that it concerns", async () => {
    const viewer = await app.ours.as("viewer");
    expect((await viewer.get("/api/instance")).body).toEqual({ sendingHeldSince: expect.stringMatching(/^\d{4}-/) });
    for (const role of ["viewer", "editor", "admin"] as const) {
      expect((await (await app.ours.as(role)).post("/api/instance/release-sending")).status).toBe(403);
    }
    expect((await (await app.ours.key(["admin"])).post("/api/instance/release-sending")).status).toBe(403);
    const { status, body } = await claimer.post("/api/instance/release-sending");
    expect([status, body]).toEqual([200, { sendingHeldSince: null }]);
    expect(await readFence(app.db.owner)).toBeNull();
    const log = await app.db.owner.selectFrom("audit_log").selectAll().where("action", "=", "instance.release_sending").execute();
    expect(log.map((entry) => entry.workspace_id)).toEqual(expect.arrayContaining([app.ours.workspaceId, app.theirs.workspaceId]));
    expect(log[0]).toMatchObject({ actor_id: app.ours.ownerId, details: { lifted: true } });
  });
});

describe("who may create workspaces", () => {
  const create = async (client: Client) => (await client.post("/api/workspaces", { name: "Another" })).status;

  test("is set on the instance: a new one leaves it to its admins", async () => {
    const fresh = await startTestApp({ unclaimed: true });
    const { rows } = await sql<{ may: boolean }>`select members_may_create_workspaces as may from private.instance_settings`.execute(
      fresh.db.owner,
    );
    expect(rows).toEqual([{ may: false }]);
    await fresh.stop();
  });

  test("members follow the setting, in what they may do and in what their session says", async () => {
    const { client } = await newMember();
    await allowWorkspaces(false);
    expect([await create(client), (await client.get("/api/session")).body.mayCreateWorkspaces]).toEqual([403, false]);
    expect((await client.post("/api/workspaces/demo")).status).toBe(403);
    await allowWorkspaces(true);
    expect([await create(client), (await client.get("/api/session")).body.mayCreateWorkspaces]).toEqual([201, true]);
    await allowWorkspaces(false);
    expect([await create(claimer), (await claimer.get("/api/session")).body.instanceAdmin]).toEqual([201, true]);
  });

  test("nobody does who belongs to no workspace, whatever the setting", async () => {
    await allowWorkspaces(true);
    const { client } = await app.signUp();
    expect(await create(client)).toBe(403);
  });
});

describe("instance admins", () => {
  const admins = async (client = claimer) =>
    (await client.get("/api/instance/settings")).body.admins.map((one: { userId: string }) => one.userId);

  test("name others by their address, who then are admins until they are taken off", async () => {
    const { client, userId, email } = await newMember();
    expect((await client.get("/api/instance/settings")).status).toBe(403);
    expect((await claimer.post("/api/instance/admins", { email: email.toUpperCase() })).status).toBe(201);
    expect(await admins(client)).toEqual([app.ours.ownerId, userId]);
    expect((await claimer.post("/api/instance/admins", { email })).body.code).toBe("conflict");
    expect((await claimer.delete(`/api/instance/admins/${userId}`)).status).toBe(200);
    expect((await client.get("/api/instance/settings")).status).toBe(403);
    const { events } = (await claimer.get("/api/instance/settings")).body;
    expect(events.slice(0, 2)).toMatchObject([
      { action: "instance.remove_admin", actorName: "First Owner", subjectName: "Some Person" },
      { action: "instance.add_admin", actorName: "First Owner", subjectName: "Some Person" },
    ]);
  });

  test("are people of a workspace: an account that nobody invited cannot be named", async () => {
    const { email } = await app.signUp();
    const { status, body } = await claimer.post("/api/instance/admins", { email });
    expect([status, body.code, body.problems[0].path]).toEqual([400, "invalid_request", "email"]);
  });

  test("are never none, also when two remove each other at once", async () => {
    const { status, body } = await claimer.delete(`/api/instance/admins/${app.ours.ownerId}`);
    expect([status, body.code]).toEqual([409, "last_instance_admin"]);
    const { client, userId, email } = await newMember();
    await claimer.post("/api/instance/admins", { email });
    const answers = await Promise.all([
      claimer.delete(`/api/instance/admins/${userId}`),
      client.delete(`/api/instance/admins/${app.ours.ownerId}`),
    ]);
    expect(answers.map((answer) => answer.status).filter((code) => code === 200)).toHaveLength(1);
    const { rows } = await sql`select from private.instance_admins`.execute(app.db.owner);
    expect(rows).toHaveLength(1);
  });
});
