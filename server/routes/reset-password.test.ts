import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertInstanceAdmin } from "#db/queries/instance-admins.ts";
import { addMember } from "#db/queries/members.ts";
import { findUserByEmail } from "#db/queries/people.ts";
import { createPasswordReset } from "#server/commands/reset-password.ts";
import { startTestApp, type TestApp, testPassword } from "#test/app.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let owner: Client;
beforeAll(async () => {
  app = await startTestApp();
  owner = (await app.ours.as("owner")).with({ "x-workspace-id": app.ours.workspaceId });
});
afterAll(() => app.stop());

const newPassword = "a quite different passphrase";

async function newMember() {
  const person = await app.signUp();
  await addMember(app.db.owner, { workspaceId: app.ours.workspaceId, userId: person.userId, role: "editor" });
  return person;
}
const ask = (userId: string, client = owner) => client.post(`/api/members/${userId}/password-reset`, {});
const tokenOf = (link: string) => new URL(link).hash.slice(1);
const use = (token: string, password = newPassword) => app.nobody.post("/api/password-reset", { token, password });
const signIn = (email: string, password: string) => app.nobody.post("/api/session", { email, password });

describe("a new password for a member", () => {
  test("is not for admins to give, nor for a key, nor for oneself", async () => {
    const { userId } = await newMember();
    const admin = (await app.ours.as("admin")).with({ "x-workspace-id": app.ours.workspaceId });
    expect((await ask(userId, admin)).status).toBe(403);
    expect((await ask(userId, await app.ours.key(["admin"]))).status).toBe(403);
    expect((await ask(app.ours.ownerId)).status).toBe(409);
  });

  test("is refused for somebody who is no member here, as if there were nobody", async () => {
    expect((await ask(app.theirs.ownerId)).status).toBe(404);
    expect((await ask(randomUUID())).status).toBe(404);
  });

  test("is refused where the member belongs to a workspace of somebody else too: the link would open that as well", async () => {
    const { userId } = await newMember();
    await addMember(app.db.owner, { workspaceId: app.theirs.workspaceId, userId, role: "viewer" });
    const answer = await ask(userId);
    expect([answer.status, answer.body.code]).toEqual([403, "forbidden"]);
    expect(answer.body.error).toContain("npm run reset-password");
  });

  test("is chosen by the member, with a link that works once; their sessions end and the owner learns nothing", async () => {
    const { client, userId, email } = await newMember();
    const made = await ask(userId);
    expect(made.status).toBe(201);
    const token = tokenOf(made.body.link);
    expect((await use(token, "short")).status).toBe(400);
    expect((await client.get("/api/account/sessions")).status).toBe(200);

    const used = await use(token);
    expect(used.status).toBe(200);
    expect(used.body.user).toMatchObject({ id: userId, email });
    expect((await client.get("/api/account/sessions")).status).toBe(401);
    expect((await signIn(email, testPassword)).status).toBe(401);
    expect((await signIn(email, newPassword)).status).toBe(200);
    expect((await use(token)).status).toBe(404);

    const { rows } = await sql<{ action: string; actor_id: string }>`
      select action, actor_id from audit_log where subject_id = ${userId} order by created_at`.execute(app.db.owner);
    expect(rows).toEqual([
      { action: "member.password_reset", actor_id: app.ours.ownerId },
      { action: "account.password_reset", actor_id: userId },
      { action: "session.sign_in_failed", actor_id: null },
    ]);
    const stored = await sql<{
      text: string;
    }>`select coalesce(string_agg(encode(token_hash, 'base64'), ''), '') as text from private.password_resets`.execute(app.db.owner);
    expect(stored.rows[0]?.text).not.toContain(token);
  });

  test("is only to be had with the newest link, and not with one that is too old", async () => {
    const { userId } = await newMember();
    const first = tokenOf((await ask(userId)).body.link);
    const second = tokenOf((await ask(userId)).body.link);
    expect((await use(first)).status).toBe(404);
    await sql`update private.password_resets set expires_at = now() where user_id = ${userId}::uuid`.execute(app.db.owner);
    const late = await use(second);
    expect([late.status, late.body.code]).toEqual([410, "link_expired"]);
  });

  test("is set once when one link is used twice at the same moment", async () => {
    const { userId } = await newMember();
    const token = tokenOf((await ask(userId)).body.link);
    const statuses = (await Promise.all([use(token), use(token, "yet another passphrase")])).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 404]);
  });

  test("can be had by an owner whom nobody else can help, from the server itself", async () => {
    const person = await findUserByEmail(app.db.owner, "First.Owner@example.com");
    const { link } = await createPasswordReset(app.db.owner, {
      userId: person?.id ?? "",
      createdBy: null,
      publicUrl: "https://sluice.example",
      hours: 1,
    });
    expect(link).toMatch(/^https:\/\/sluice\.example\/reset-password#/);
    expect((await use(tokenOf(link))).status).toBe(200);
  });
});

describe("a link to a new password", () => {
  const makeLink = (userId: string) =>
    createPasswordReset(app.db.owner, { userId, createdBy: null, publicUrl: "http://localhost:4400", hours: 1 });

  test("takes no common password and none that is one's own, and stays good", async () => {
    const { userId, email } = await newMember();
    const token = tokenOf((await makeLink(userId)).link);
    for (const password of ["password1234", email]) {
      const { status, body } = await use(token, password);
      expect([password, status, body.problems?.[0]?.path]).toEqual([password, 400, "password"]);
    }
    expect((await use(token)).status).toBe(200);
  });

  test("ends with the role of the owner who made it, and with their removal", async () => {
    for (const end of ["lowered", "removed"] as const) {
      const tenant = await app.createTenant(`Owners ${end}`);
      const second = await app.signUp();
      await addMember(app.db.owner, { workspaceId: tenant.workspaceId, userId: second.userId, role: "owner" });
      const member = await app.signUp();
      await addMember(app.db.owner, { workspaceId: tenant.workspaceId, userId: member.userId, role: "viewer" });
      const token = tokenOf((await ask(member.userId, second.client)).body.link);
      const first = await tenant.as("owner");
      const path = `/api/members/${second.userId}`;
      expect((await (end === "lowered" ? first.patch(path, { role: "admin" }) : first.delete(path))).status).toBe(200);
      expect((await use(token)).status).toBe(404);
    }
  });

  test("ends when its person becomes an admin of the instance", async () => {
    const { userId } = await newMember();
    const token = tokenOf((await makeLink(userId)).link);
    await app.db.owner.transaction().execute((tx) => insertInstanceAdmin(tx, { userId, namedBy: null }));
    expect((await use(token)).status).toBe(404);
  });
});
