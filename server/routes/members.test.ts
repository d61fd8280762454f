import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { roles } from "#contract/people.ts";
import { startTestApp, type Tenant, type TestApp } from "#test/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const setRole = async (tenant: Tenant, by: "owner" | "admin", userId: string, role: string) =>
  (await tenant.as(by)).patch(`/api/members/${userId}`, { role });

describe("changing a member", () => {
  test("is refused to an admin where an owner is touched or made", async () => {
    const tenant = await app.createTenant("Admins");
    const cases = [
      await setRole(tenant, "admin", tenant.ownerId, "editor"),
      await setRole(tenant, "admin", await tenant.userId("admin"), "owner"),
      await setRole(tenant, "admin", await tenant.userId("viewer"), "owner"),
      await (await tenant.as("admin")).delete(`/api/members/${tenant.ownerId}`),
    ];
    for (const { status, body } of cases) expect([status, body.code]).toEqual([403, "forbidden"]);
  });

  test("never leaves a workspace without an owner", async () => {
    const tenant = await app.createTenant("Lonely");
    const owner = await tenant.as("owner");
    expect((await setRole(tenant, "owner", tenant.ownerId, "admin")).body.code).toBe("last_owner");
    expect((await owner.delete(`/api/members/${tenant.ownerId}`)).body.code).toBe("last_owner");
    expect((await owner.get("/api/members")).body.items[0].role).toBe("owner");
  });

  test("never leaves it without one when two owners step down at the same moment", async () => {
    for (let round = 0; round < 5; round++) {
      const tenant = await app.createTenant(`Two ${round}`);
      const [first, second] = [await tenant.as("owner"), await tenant.as("admin")];
      await setRole(tenant, "owner", await tenant.userId("admin"), "owner");
      const answers = await Promise.all([
        first.patch(`/api/members/${tenant.ownerId}`, { role: "viewer" }),
        second.patch(`/api/members/${await tenant.userId("admin")}`, { role: "viewer" }),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    }
  });

  test("of another workspace is the same 404 as of nobody", async () => {
    const owner = (await app.ours.as("owner")).with({ "x-request-id": "same-request" });
    for (const method of ["PATCH", "DELETE"]) {
      const body = method === "PATCH" ? { body: { role: "viewer" } } : {};
      const foreign = await owner.request(method, `/api/members/${app.theirs.ownerId}`, body);
      const missing = await owner.request(method, "/api/members/0198c5d2-7c1e-7b3a-9d54-2f6e8a1b3c4d", body);
      expect(foreign.status).toBe(404);
      expect(foreign.text).toBe(missing.text);
    }
  });

  test("cannot reach the service member of an API key", async () => {
    await app.ours.key(["admin"]);
    const { user_id } = await app.db.owner
      .selectFrom("workspace_members")
      .select("user_id")
      .where("kind", "=", "key")
      .executeTakeFirstOrThrow();
    expect((await setRole(app.ours, "owner", user_id, "owner")).status).toBe(404);
    expect((await (await app.ours.as("owner")).delete(`/api/members/${user_id}`)).status).toBe(404);
  });

  test("works: an owner makes any role of a member, and both see it", async () => {
    const tenant = await app.createTenant("Works");
    for (const role of roles) {
      const { status, body } = await setRole(tenant, "owner", await tenant.userId("editor"), role);
      expect([status, body.role]).toEqual([200, role]);
    }
    const { items } = (await (await tenant.as("editor")).get("/api/members")).body;
    expect(items.map((item: { role: string }) => item.role)).toEqual(["owner", "owner"]);
    expect(items[0]).toMatchObject({ name: "Works owner", email: expect.stringContaining("@example.com") });
    const entry = await app.db.owner
      .selectFrom("audit_log")
      .select(["actor_id", "subject_type", "subject_id", "details"])
      .where("workspace_id", "=", tenant.workspaceId)
      .where("action", "=", "member.update")
      .orderBy("created_at", "desc")
      .executeTakeFirstOrThrow();
    expect(entry).toEqual({
      actor_id: tenant.ownerId,
      subject_type: "member",
      subject_id: await tenant.userId("editor"),
      details: { from: "admin", to: "owner" },
    });
  });
});
