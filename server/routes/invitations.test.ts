import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type Tenant, type TestApp, testPassword } from "#test/app.ts";
import { signedInBy } from "#test/http-client.ts";

let app: TestApp;
let tenant: Tenant;
let number = 0;
beforeAll(async () => {
  app = await startTestApp();
  tenant = await app.createTenant("Inviting");
});
afterAll(() => app.stop());

async function invite(email = `guest${number++}@example.com`, role = "editor"): Promise<{ token: string; email: string; id: string }> {
  const { status, body } = await (await tenant.as("admin")).post("/api/invitations", { email, role });
  expect(status).toBe(201);
  return { token: new URL(body.link).hash.slice(1), email, id: body.invitation.id };
}
const newAccount = { name: "Guest", password: "a long passphrase" };

describe("an invitation", () => {
  test("cannot be to the role of owner, and not by an editor", async () => {
    expect((await (await tenant.as("admin")).post("/api/invitations", { email: "a@example.com", role: "owner" })).status).toBe(400);
    expect((await (await tenant.as("editor")).post("/api/invitations", { email: "a@example.com", role: "viewer" })).status).toBe(403);
  });

  test("is a link whose token is in the fragment and nowhere else, and is shown once", async () => {
    const { body } = await (await tenant.as("admin")).post("/api/invitations", { email: "once@example.com", role: "viewer" });
    expect(body.link).toMatch(/^http:\/\/localhost:4400\/invite#[\w-]{43}$/);
    const token = new URL(body.link).hash.slice(1);
    expect((await (await tenant.as("admin")).get("/api/invitations")).text).not.toContain(token);
    const { rows } = await sql<{ row: string }>`select i::text as row from workspace_invitations i`.execute(app.db.owner);
    expect(rows.some(({ row }) => row.includes(token))).toBe(false);
  });

  test("of somebody who is a member already is refused; a second one of the same address replaces the first", async () => {
    const { items } = (await (await tenant.as("admin")).get("/api/members")).body;
    expect(
      (await (await tenant.as("admin")).post("/api/invitations", { email: items[0].email.toUpperCase(), role: "viewer" })).status,
    ).toBe(409);
    const first = await invite("twice@example.com");
    const second = await invite("Twice@example.com");
    expect((await app.nobody.post("/api/invitations/preview", { token: first.token })).status).toBe(410);
    expect((await app.nobody.post("/api/invitations/preview", { token: second.token })).status).toBe(200);
  });

  test("of one address is one, however many are made at once", async () => {
    const admin = await tenant.as("admin");
    const made = await Promise.all(
      Array.from({ length: 8 }, () => admin.post("/api/invitations", { email: "busy@example.com", role: "viewer" })),
    );
    expect(made.map(({ status }) => status)).toEqual(Array(8).fill(201));
    const { items } = (await admin.get("/api/invitations")).body;
    expect(items.filter(({ email }: { email: string }) => email === "busy@example.com")).toHaveLength(1);
  });

  test("is not accepted with a common password, or with one's own address or the workspace's name, and stays open", async () => {
    const { token, email } = await invite();
    for (const password of ["password1234", email, "Inviting2026!!"]) {
      const { status, body } = await app.nobody.post("/api/invitations/accept", { token, name: "Guest", password });
      expect([password, status, body.problems?.[0]?.path]).toEqual([password, 400, "password"]);
    }
    expect((await app.nobody.post("/api/invitations/accept", { token, ...newAccount })).status).toBe(200);
  });

  test("tells its holder what it is for", async () => {
    const { token, email } = await invite();
    const { body } = await app.nobody.post("/api/invitations/preview", { token });
    expect(body).toEqual({ workspaceName: "Inviting", email, role: "editor", hasAccount: false });
  });

  test.each(["expired", "revoked", "accepted"] as const)("that is %s opens nothing", async (how) => {
    const { token, id } = await invite();
    if (how === "expired")
      await app.db.owner.updateTable("workspace_invitations").set({ expires_at: sql`now()` }).where("id", "=", id).execute();
    if (how === "revoked") expect((await (await tenant.as("admin")).delete(`/api/invitations/${id}`)).status).toBe(200);
    if (how === "accepted") expect((await app.nobody.post("/api/invitations/accept", { token, ...newAccount })).status).toBe(200);
    for (const path of ["/api/invitations/preview", "/api/invitations/accept"]) {
      const { status, body } = await app.nobody.post(path, { token, ...(path.endsWith("accept") ? newAccount : {}) });
      expect([status, body.code]).toEqual([410, "link_expired"]);
    }
    expect((await app.nobody.post("/api/invitations/accept", { token: "x".repeat(43), ...newAccount })).status).toBe(404);
  });

  test("of another workspace cannot be taken back, and looks like none", async () => {
    const { id } = await invite();
    const stranger = (await app.theirs.as("owner")).with({ "x-request-id": "same-request" });
    const foreign = await stranger.delete(`/api/invitations/${id}`);
    const missing = await stranger.delete("/api/invitations/0198c5d2-7c1e-7b3a-9d54-2f6e8a1b3c4d");
    expect([foreign.status, foreign.text]).toEqual([404, missing.text]);
  });
});

describe("accepting", () => {
  test("with a new account needs a name and a password, and signs in to the workspace", async () => {
    const { token, email } = await invite();
    const bare = await app.nobody.post("/api/invitations/accept", { token });
    expect(bare.body.problems.map((problem: { path: string }) => problem.path)).toEqual(["name", "password"]);
    const accepted = await app.nobody.post("/api/invitations/accept", { token, ...newAccount });
    const { status, body } = accepted;
    expect(status).toBe(200);
    expect(body).toMatchObject({ user: { email, name: "Guest" }, workspaces: [{ name: "Inviting", role: "editor" }] });
    const guest = signedInBy(app.url, accepted);
    expect((await guest.get("/api/members")).status).toBe(200);
    expect((await app.nobody.post("/api/session", { email, password: newAccount.password })).status).toBe(200);
  });

  test("does not open an existing account: its owner has to sign in first", async () => {
    const { email, client } = await app.signUp();
    const { token } = await invite(email);
    const { status, body } = await app.nobody.post("/api/invitations/accept", { token, ...newAccount });
    expect([status, body.code]).toEqual([401, "unauthenticated"]);
    expect((await app.nobody.post("/api/session", { email, password: newAccount.password })).status).toBe(401);
    expect((await app.nobody.post("/api/session", { email, password: testPassword })).status).toBe(200);
    expect((await client.post("/api/invitations/accept", { token })).body.workspaces).toMatchObject([{ name: "Inviting", role: "editor" }]);
  });

  test("is refused to somebody signed in under another address, who stays outside", async () => {
    const { token } = await invite();
    const { client } = await app.signUp();
    expect((await client.post("/api/invitations/accept", { token })).status).toBe(403);
    expect((await client.get("/api/members")).status).toBe(404);
    expect((await app.nobody.post("/api/invitations/accept", { token, ...newAccount })).status).toBe(200);
  });

  test("by twenty at once makes one member and one account", async () => {
    const { token, email } = await invite();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => app.nobody.post("/api/invitations/accept", { token, ...newAccount })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => ![200, 401, 410].includes(status))).toEqual([]);
    const { count } = await app.db.owner
      .selectFrom("private.users")
      .select(sql<number>`count(*)`.as("count"))
      .where("email", "=", email)
      .executeTakeFirstOrThrow();
    expect(count).toBe(1);
  });

  test("does not lower or raise the role of who is a member already", async () => {
    const { token, id } = await invite("soon@example.com", "admin");
    await app.nobody.post("/api/invitations/accept", { token, ...newAccount });
    const second = await invite("later@example.com", "admin");
    await app.db.owner.updateTable("workspace_invitations").set({ email: "soon@example.com" }).where("id", "=", second.id).execute();
    await app.db.owner.updateTable("workspace_invitations").set({ role: "viewer" }).where("id", "=", second.id).execute();
    const member = await app.nobody.post("/api/session", { email: "soon@example.com", password: newAccount.password });
    const client = signedInBy(app.url, member);
    expect((await client.post("/api/invitations/accept", { token: second.token })).body.workspaces).toMatchObject([{ role: "admin" }]);
    expect(id).not.toBe(second.id);
  });
});
