import { afterAll, beforeAll, expect, test } from "vitest";
import { raiseFence, readFence } from "#db/queries/send-fence.ts";
import { startTestApp, type TestApp } from "#test/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

test("every member sees that sending is held; only an owner lets it go on, which is recorded", async () => {
  const viewer = await app.ours.as("viewer");
  expect((await viewer.get("/api/instance")).body).toEqual({ sendingHeldSince: null });
  await raiseFence(app.db.owner);
  expect((await viewer.get("/api/instance")).body).toEqual({ sendingHeldSince: expect.stringMatching(/^\d{4}-/) });
  for (const role of ["viewer", "editor", "admin"] as const) {
    expect((await (await app.ours.as(role)).post("/api/instance/release-sending")).status).toBe(403);
  }
  expect((await (await app.ours.key(["admin"])).post("/api/instance/release-sending")).status).toBe(403);
  expect(await readFence(app.db.owner)).not.toBeNull();
  const { status, body } = await (await app.ours.as("owner")).post("/api/instance/release-sending");
  expect([status, body]).toEqual([200, { sendingHeldSince: null }]);
  expect(await readFence(app.db.owner)).toBeNull();
  const log = await app.db.owner.selectFrom("audit_log").selectAll().where("action", "=", "instance.release_sending").execute();
  expect(log).toMatchObject([{ actor_id: app.ours.ownerId, workspace_id: app.ours.workspaceId, details: { lifted: true } }]);
});
