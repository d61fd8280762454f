import { createHash } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "#contract/routes.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { signedInBy } from "#test/http-client.ts";
import { createOwner, issueClaimLink } from "./claim-instance.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ unclaimed: true });
});
afterAll(() => app.stop());

const issue = () => issueClaimLink({ ownerDb: app.db.owner, publicUrl: "http://localhost:4400" });
const tokenOf = (link: string | undefined): string => new URL(link as string).hash.slice(1);
const claim = (token: string, number = 0) =>
  app.nobody.post("/api/claim", { token, name: `Person ${number}`, email: `person${number}@example.com`, password: "a long passphrase" });

// There is one instance, and it is claimed once. The tests follow its life in order.
describe("an instance without an owner", () => {
  test("serves health, its state and the claim, and nothing else", async () => {
    expect((await app.nobody.get("/api/health")).status).toBe(200);
    expect((await app.nobody.get("/api/session")).body).toEqual({
      signIn: { kind: "password" },
      claimed: false,
      user: null,
      workspaces: [],
    });
    for (const [id, route] of Object.entries(routes)) {
      if (["health", "ready", "getSession", "claim"].includes(id)) continue;
      const path = route.path.replace(/:\w+/g, "0198c5d2-7c1e-7b3a-9d54-2f6e8a1b3c4d");
      const { status, body } = await app.nobody.request(route.method, path);
      expect([id, status, body.code]).toEqual([id, 401, "unauthenticated"]);
    }
  });

  test("keeps only the hash of the link's token, and gives the link to nobody who asks over HTTP", async () => {
    const link = await issue();
    expect(link).toMatch(/^http:\/\/localhost:4400\/claim#[\w-]{43}$/);
    const { rows } = await sql<{ row: string; hash: Buffer }>`select c::text as row, token_hash as hash from private.claim c`.execute(
      app.db.owner,
    );
    expect(rows[0]?.row).not.toContain(tokenOf(link));
    expect(rows[0]?.hash).toEqual(createHash("sha256").update(tokenOf(link)).digest());
    expect((await app.nobody.get("/api/claim")).status).toBe(405);
    expect((await app.nobody.get("/api/session")).text).not.toContain("token");
  });

  test("is not claimed with a common password, and the link stays good", async () => {
    const token = tokenOf(await issue());
    const { status, body } = await app.nobody.post("/api/claim", {
      token,
      name: "Ana",
      email: "ana@example.com",
      password: "password1234",
    });
    expect([status, body.problems?.[0]?.path]).toEqual([400, "password"]);
    expect((await app.nobody.get("/api/session")).body.claimed).toBe(false);
  });

  test("refuses a wrong token, and one of an earlier start", async () => {
    const old = tokenOf(await issue());
    await issue();
    for (const token of [old, "x".repeat(43)]) {
      const { status, body } = await claim(token);
      expect([status, body.code]).toEqual([410, "link_expired"]);
    }
  });

  test("refuses a token after 30 minutes", async () => {
    const token = tokenOf(await issue());
    const { minutes } = await app.db.owner
      .selectFrom("private.claim")
      .select(sql<number>`round(extract(epoch from expires_at - now()) / 60)::integer`.as("minutes"))
      .executeTakeFirstOrThrow();
    expect(minutes).toBe(30);
    await app.db.owner.updateTable("private.claim").set({ expires_at: sql`now()` }).execute();
    expect((await claim(token)).status).toBe(410);
  });

  test("refuses a weak password and a name that is none, with both problems", async () => {
    const { status, body } = await app.nobody.post("/api/claim", {
      token: tokenOf(await issue()),
      name: " ",
      email: "nope",
      password: "short",
    });
    expect(status).toBe(400);
    expect(body.problems.map((problem: { path: string }) => problem.path).sort()).toEqual(["email", "name", "password"]);
  });

  test("gets exactly one owner of 50 who claim it at once, who is signed in to the first workspace", async () => {
    const token = tokenOf(await issue());
    const answers = await Promise.all(Array.from({ length: 50 }, (_, number) => claim(token, number)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter(({ status, body }) => status === 404 && body.code === "already_claimed")).toHaveLength(49);
    expect(won[0]?.body).toMatchObject({ claimed: true, workspaces: [{ role: "owner" }] });

    const owner = signedInBy(app.url, won[0]);
    expect((await owner.get("/api/members")).body.items).toHaveLength(1);
    for (const table of ["private.users", "private.accounts", "workspaces", "workspace_members"] as const) {
      const { count } = await app.db.owner.selectFrom(table).select(sql<number>`count(*)`.as("count")).executeTakeFirstOrThrow();
      expect([table, count]).toEqual([table, 1]);
    }
    const log = await app.db.owner.selectFrom("audit_log").select(["action", "actor_name"]).execute();
    expect(log.filter(({ action }) => action === "instance.claim")).toHaveLength(1);
  });

  test("cannot be claimed again, by the same link or a new one", async () => {
    expect(await issue()).toBeUndefined();
    const { status, body } = await claim("x".repeat(43), 99);
    expect([status, body.code]).toEqual([404, "already_claimed"]);
    await expect(
      createOwner({ ownerDb: app.db.owner, identity: app.identity }, { name: "B", email: "b@example.com", password: "a long passphrase" }),
    ).rejects.toMatchObject({
      code: "already_claimed",
    });
    expect((await app.nobody.get("/api/session")).body.claimed).toBe(true);
  });
});
