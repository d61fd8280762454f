import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { roles } from "#contract/people.ts";
import { startTestApp, type Tenant, type TestApp } from "#test/app.ts";
import { createClient } from "#test/http-client.ts";

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

describe("leaving a workspace", () => {
  test.each(["viewer", "editor", "admin"] as const)("works for a member of the role %s, who is a stranger from then on", async (role) => {
    const tenant = await app.createTenant("Leaving");
    const client = (await tenant.as(role)).with({ "x-workspace-id": tenant.workspaceId });
    const userId = await tenant.userId(role);
    expect((await client.delete(`/api/members/${userId}`)).status).toBe(200);
    expect((await client.get("/api/members")).status).toBe(404);
    const entry = await app.db.owner
      .selectFrom("audit_log")
      .select(["actor_id", "subject_id", "details"])
      .where("workspace_id", "=", tenant.workspaceId)
      .where("action", "=", "member.leave")
      .executeTakeFirstOrThrow();
    expect(entry).toMatchObject({ actor_id: userId, subject_id: userId, details: { role } });
  });

  test("is refused to the last owner with the reason, and works for one of two", async () => {
    const tenant = await app.createTenant("Owners");
    const owner = await tenant.as("owner");
    const { status, body } = await owner.delete(`/api/members/${tenant.ownerId}`);
    expect([status, body.code, body.error]).toEqual([409, "last_owner", "This is the last owner. Make somebody else an owner first."]);
    await setRole(tenant, "owner", await tenant.userId("editor"), "owner");
    expect((await owner.delete(`/api/members/${tenant.ownerId}`)).status).toBe(200);
  });

  test("does not let a viewer or an editor remove others, or see what they gave out", async () => {
    const tenant = await app.createTenant("Others");
    const other = await tenant.userId("admin");
    for (const role of ["viewer", "editor"] as const) {
      const client = await tenant.as(role);
      for (const answer of [await client.delete(`/api/members/${other}`), await client.get(`/api/members/${other}/grants`)]) {
        expect([answer.status, answer.body.code]).toEqual([403, "forbidden"]);
      }
    }
  });
});

describe("what a member gave out", () => {
  /** A workspace with a second admin, who invited somebody and made a key of each kind. */
  async function withGrants() {
    const tenant = await app.createTenant("Offboarding");
    const admin = await tenant.as("admin");
    const make = async (scopes: string[]) => {
      const { body } = await admin.post("/api/api-keys", { name: scopes.join(" "), scopes });
      return createClient(app.url, { authorization: `Bearer ${body.key}` });
    };
    const keys = {
      admin: await make(["admin"]),
      editor: await make(["contacts:write", "contacts:read"]),
      viewer: await make(["contacts:read"]),
    };
    const { link } = (await admin.post("/api/invitations", { email: "friend@example.com", role: "admin" })).body;
    const statuses = async () => ({
      admin: (await keys.admin.get("/api/members")).status,
      editor: (await keys.editor.get("/api/contacts")).status,
      viewer: (await keys.viewer.get("/api/contacts")).status,
      invitation: (await app.nobody.post("/api/invitations/preview", { token: new URL(link).hash.slice(1) })).status,
    });
    return { tenant, adminId: await tenant.userId("admin"), token: new URL(link).hash.slice(1), statuses };
  }
  const grantsOf = async (tenant: Tenant, userId: string, role?: string) => {
    const { body } = await (await tenant.as("owner")).get(`/api/members/${userId}/grants${role ? `?role=${role}` : ""}`);
    return [...body.apiKeys.map(({ name }: { name: string }) => name), ...body.invitations.map(({ email }: { email: string }) => email)];
  };

  test("works while they may give it", async () => {
    const { statuses } = await withGrants();
    expect(await statuses()).toEqual({ admin: 200, editor: 200, viewer: 200, invitation: 200 });
  });

  test("ends with their removal: it is listed before, and in the audit log after", async () => {
    const { tenant, adminId, statuses, token } = await withGrants();
    expect(await grantsOf(tenant, adminId)).toEqual(["admin", "contacts:read", "contacts:write contacts:read", "friend@example.com"]);
    expect((await (await tenant.as("owner")).delete(`/api/members/${adminId}`)).status).toBe(200);
    expect(await statuses()).toEqual({ admin: 401, editor: 401, viewer: 401, invitation: 410 });
    const taken = await app.nobody.post("/api/invitations/accept", { token, name: "Friend", password: "a long passphrase" });
    expect([taken.status, taken.body.code]).toEqual([410, "link_expired"]);
    const owner = await tenant.as("owner");
    expect((await owner.get("/api/api-keys")).body.items).toEqual([]);
    expect((await owner.get("/api/invitations")).body.items).toEqual([]);
    const { details } = await app.db.owner
      .selectFrom("audit_log")
      .select("details")
      .where("workspace_id", "=", tenant.workspaceId)
      .where("action", "=", "member.remove")
      .executeTakeFirstOrThrow();
    expect(details).toMatchObject({
      role: "admin",
      ended: { apiKeys: [expect.any(String), expect.any(String), expect.any(String)], invitations: [expect.any(String)] },
    });
  });

  test("ends when they leave, though who leaves may not be able to see it any more", async () => {
    const { tenant, adminId, statuses } = await withGrants();
    await setRole(tenant, "owner", adminId, "editor");
    expect((await (await tenant.as("admin")).delete(`/api/members/${adminId}`)).status).toBe(200);
    expect(await statuses()).toEqual({ admin: 401, editor: 401, viewer: 401, invitation: 410 });
  });

  test("ends with a lower role as far as that role goes, and stays ended when the role comes back", async () => {
    const { tenant, adminId, statuses } = await withGrants();
    expect(await grantsOf(tenant, adminId, "editor")).toEqual(["admin", "friend@example.com"]);
    await setRole(tenant, "owner", adminId, "editor");
    expect(await statuses()).toEqual({ admin: 401, editor: 200, viewer: 200, invitation: 410 });
    expect(await grantsOf(tenant, adminId, "viewer")).toEqual(["contacts:write contacts:read"]);
    await setRole(tenant, "owner", adminId, "viewer");
    expect(await statuses()).toEqual({ admin: 401, editor: 401, viewer: 200, invitation: 410 });
    await setRole(tenant, "owner", adminId, "admin");
    expect(await statuses()).toEqual({ admin: 401, editor: 401, viewer: 200, invitation: 410 });
  });

  test("never works beyond its maker, also where a row was changed past the product", async () => {
    const { tenant, adminId, statuses } = await withGrants();
    await app.db.owner.transaction().execute(async (tx) => {
      await sql`set local session_replication_role = replica`.execute(tx);
      await tx.deleteFrom("workspace_members").where("user_id", "=", adminId).execute();
    });
    expect(await statuses()).toEqual({ admin: 401, editor: 401, viewer: 401, invitation: 410 });
    expect((await (await tenant.as("owner")).get("/api/members")).status).toBe(200);
  });

  test("goes on where it is a send that they or a key of theirs planned, which is listed before, and only that", async () => {
    const { tenant, adminId } = await withGrants();
    const owner = await tenant.as("owner");
    const admin = await tenant.as("admin");
    const { body: contact } = await owner.post("/api/contacts", { firstname: "Ana", lastname: "Lopes" });
    const graph = { nodes: [{ id: "start", type: "start", data: {} }], edges: [] };
    const flowId = (await owner.post("/api/flows", { name: "Spring", ...graph })).body.id;
    const { body: made } = await admin.post("/api/api-keys", { name: "Sends", scopes: ["flows:send"] });
    const key = createClient(app.url, { authorization: `Bearer ${made.key}` });
    const send = async (client: typeof admin, more: object) => {
      const { status, body } = await client.post("/api/sends", { flowId, selection: { type: "ids", ids: [contact.id] }, ...more });
      expect(status).toBe(202);
      return body.send.id as string;
    };
    const planned = { start: { at: "2999-01-01T09:00" } };
    const theirs = [await send(admin, planned), await send(key, planned)];
    await send(owner, planned);
    await send(admin, { isTest: true });
    await app.driver.runUntilIdle();
    const listed = async (role?: string) =>
      (await owner.get(`/api/members/${adminId}/grants${role ? `?role=${role}` : ""}`)).body.sends as { id: string }[];
    expect(await listed()).toEqual(
      theirs.toReversed().map((id) => ({ id, flowName: "Spring", startAt: expect.stringMatching(/^(2998|2999)-/) })),
    );
    expect([(await listed("editor")).length, (await listed("viewer")).length]).toEqual([0, 2]);
    await owner.post(`/api/sends/${theirs[0]}/stop`, {});
    expect((await listed()).map(({ id }) => id)).toEqual([theirs[1]]);
    expect((await owner.delete(`/api/members/${adminId}`)).status).toBe(200);
    expect((await owner.get(`/api/sends/${theirs[1]}`)).body.state).toBe("running");
  });
});
