import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scopes } from "#contract/people.ts";
import { insertInstanceAdmin } from "#db/queries/instance-admins.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { createClient } from "#test/http-client.ts";
import { roleForScopes } from "./principal.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const withKey = (header: string) => createClient(app.url, { authorization: header });

describe("an Authorization header", () => {
  test.each([
    "",
    "Bearer",
    "Bearer x",
    "Basic dXNlcjpwYXNz",
    "Bearer sk_live_short_secret",
    "sk_live_AAAAAAAA_x",
    `Bearer sk_live_AAAAAAAA_${"a".repeat(43)}`,
  ])("that is no key of ours is refused: %j", async (header) => {
    const { status, body, headers } = await withKey(header).get("/api/members");
    expect([status, body.code, headers.get("www-authenticate")]).toEqual([401, "unauthenticated", "Bearer"]);
  });

  test("decides alone: with a bad key, a good cookie does not help, and a public route does not take it for nobody", async () => {
    const owner = await app.ours.as("owner");
    expect((await owner.get("/api/members")).status).toBe(200);
    expect((await owner.with({ authorization: "Bearer nonsense" }).get("/api/members")).status).toBe(401);
    expect((await owner.with({ authorization: "Bearer nonsense" }).get("/api/session")).status).toBe(401);
  });
});

describe("an API key", () => {
  test("works in its workspace and is never sent or stored in clear", async () => {
    const owner = await app.ours.as("owner");
    const { body } = await owner.post("/api/api-keys", { name: "Canary", scopes: ["admin"] });
    expect(body.key).toMatch(/^sk_live_[a-zA-Z0-9]{8}_[A-Za-z0-9_-]{43}$/);
    expect(body.key).toContain(body.apiKey.id);
    expect((await withKey(`Bearer ${body.key}`).get("/api/members")).status).toBe(200);
    const secret = body.key.slice(-43);
    expect((await owner.get("/api/api-keys")).text).not.toContain(secret);
    for (const table of ["api_keys", "audit_log", "workspace_members"] as const) {
      const { rows } = await sql<{ row: string }>`select t::text as row from ${sql.table(table)} t`.execute(app.db.owner);
      expect(rows.some(({ row }) => row.includes(secret) || row.includes(Buffer.from(secret).toString("hex")))).toBe(false);
    }
    expect(app.logged.join("")).not.toContain(secret);
  });

  test("with the secret of another key is refused", async () => {
    const [one, two] = [await app.ours.key(["admin"]), await app.ours.key(["admin"])].map(
      (client) => client.headers.authorization as string,
    );
    const mixed = `${(one as string).slice(0, -43)}${(two as string).slice(-43)}`;
    expect((await withKey(mixed).get("/api/members")).status).toBe(401);
  });

  test("that expired, was revoked or whose service member is gone is refused on the next request", async () => {
    const owner = await app.ours.as("owner");
    for (const end of ["expire", "revoke", "remove"] as const) {
      const { body } = await owner.post("/api/api-keys", { name: end, scopes: ["admin"] });
      const key = withKey(`Bearer ${body.key}`);
      expect((await key.get("/api/members")).status).toBe(200);
      const row = app.db.owner.selectFrom("api_keys").select("member_id").where("id", "=", body.apiKey.id);
      if (end === "expire")
        await app.db.owner.updateTable("api_keys").set({ expires_at: sql`now()` }).where("id", "=", body.apiKey.id).execute();
      if (end === "revoke") expect((await owner.delete(`/api/api-keys/${body.apiKey.id}`)).status).toBe(200);
      if (end === "remove") await app.db.owner.deleteFrom("workspace_members").where("user_id", "=", row).execute();
      expect((await key.get("/api/members")).status).toBe(401);
    }
  });

  test("without the route's scope is refused with the name of the scope", async () => {
    const { status, body } = await (await app.ours.key(["contacts:read"])).get("/api/members");
    expect([status, body.code]).toEqual([403, "forbidden"]);
    expect(body.error).toContain("admin");
  });

  test("cannot do what only persons may, whatever its scopes: make keys, invite, change members", async () => {
    const key = await app.ours.key(scopes);
    expect((await key.post("/api/api-keys", { name: "More", scopes: ["admin"] })).status).toBe(403);
    expect((await key.post("/api/invitations", { email: "a@example.com", role: "admin" })).status).toBe(403);
    expect((await key.delete(`/api/members/${app.ours.ownerId}`)).status).toBe(403);
    expect((await key.post("/api/workspaces", { name: "Mine" })).status).toBe(403);
  });

  test("does not leave its workspace, and cannot tell a foreign one from none", async () => {
    const key = (await app.ours.key(["admin"])).with({ "x-request-id": "same-request" });
    const foreign = await key.with({ "x-workspace-id": app.theirs.workspaceId }).get("/api/members");
    const missing = await key.with({ "x-workspace-id": "nowhere" }).get("/api/members");
    expect(foreign.status).toBe(404);
    expect(foreign.text).toBe(missing.text);
  });

  test("says when it was used last, to the minute", async () => {
    const owner = await app.ours.as("owner");
    const { body } = await owner.post("/api/api-keys", { name: "Used", scopes: ["admin"] });
    const lastUsed = async () => {
      const { items } = (await owner.get("/api/api-keys")).body;
      return items.find((item: { id: string }) => item.id === body.apiKey.id).lastUsedAt;
    };
    expect(await lastUsed()).toBeNull();
    await withKey(`Bearer ${body.key}`).get("/api/members");
    const first = await lastUsed();
    expect(first).not.toBeNull();
    await withKey(`Bearer ${body.key}`).get("/api/members");
    expect(await lastUsed()).toBe(first);
  });

  test("acts as what its scopes need and no more", () => {
    expect(roleForScopes(["contacts:read", "flows:read", "executions:read", "messages:read"])).toBe("viewer");
    expect(roleForScopes(["contacts:write"])).toBe("editor");
    expect(roleForScopes(["flows:write"])).toBe("editor");
    expect(roleForScopes(["flows:send"])).toBe("editor");
    expect(roleForScopes(["contacts:read", "admin"])).toBe("admin");
  });
});

describe("the workspace of a signed-in person", () => {
  test("is the one named in the header, if they belong to it; a foreign one and none are the same 404", async () => {
    const owner = (await app.ours.as("owner")).with({ "x-request-id": "same-request" });
    expect((await owner.with({ "x-workspace-id": app.ours.workspaceId }).get("/api/members")).status).toBe(200);
    const foreign = await owner.with({ "x-workspace-id": app.theirs.workspaceId }).get("/api/members");
    const missing = await owner.with({ "x-workspace-id": "nowhere" }).get("/api/members");
    const empty = await owner.with({ "x-workspace-id": "" }).get("/api/members");
    expect(foreign.status).toBe(404);
    expect([missing.text, empty.text]).toEqual([foreign.text, foreign.text]);
  });

  test("is the one used last without a header", async () => {
    const { client, userId } = await app.signUp();
    await app.db.owner.transaction().execute((tx) => insertInstanceAdmin(tx, { userId, namedBy: null }));
    const first = (await client.post("/api/workspaces", { name: "First" })).body;
    const second = (await client.post("/api/workspaces", { name: "Second" })).body;
    const current = async () => (await client.patch("/api/workspace", {})).body.name;
    expect(await current()).toBe("Second");
    await app.db.owner
      .updateTable("workspace_members")
      .set({ last_used_at: sql`now() - interval '2 minutes'` })
      .where("workspace_id", "in", [first.id, second.id])
      .execute();
    await client.with({ "x-workspace-id": first.id }).get("/api/members");
    expect(await current()).toBe("First");
    expect((await client.get("/api/session")).body.workspaces.map((workspace: { name: string }) => workspace.name)).toEqual([
      "First",
      "Second",
    ]);
  });

  test("is none for somebody who belongs nowhere, and none any more for who was removed", async () => {
    const { client } = await app.signUp();
    expect((await client.get("/api/members")).status).toBe(404);
    const tenant = await app.createTenant("Leaving");
    const editor = await tenant.as("editor");
    expect((await editor.get("/api/members")).status).toBe(200);
    await (await tenant.as("owner")).delete(`/api/members/${await tenant.userId("editor")}`);
    expect((await editor.get("/api/members")).status).toBe(404);
  });

  test("asks for a role: below it is refused with both names", async () => {
    const { status, body } = await (await app.ours.as("viewer")).patch("/api/workspace", { name: "Mine now" });
    expect([status, body.code]).toEqual([403, "forbidden"]);
    expect(body.error).toBe("This needs the role admin. Your role in this workspace is viewer.");
  });
});
