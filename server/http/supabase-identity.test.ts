import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertInstanceAdmin } from "#db/queries/instance-admins.ts";
import { addMember } from "#db/queries/members.ts";
import { createWorkspace } from "#db/queries/workspaces.ts";
import { issueClaimLink } from "#server/commands/claim-instance.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { type Client, createClient } from "#test/http-client.ts";
import { buildOneOfEverything } from "#test/one-of-everything.ts";
import { callRoute, routeIds, routeTable } from "#test/route-call.ts";
import type { SampleIds } from "#test/route-samples.ts";
import { type SupabaseAuthContract, startSupabaseAuthContract } from "#test/supabase/auth-contract.ts";
import { createSigningKey } from "#test/supabase/signing-keys.ts";

// The whole app with people who sign in at a Supabase project. The routes are the same; only the identification
// differs.

interface SupabasePerson {
  id: string;
  email: string;
  name: string;
}
let project: SupabaseAuthContract;
let app: TestApp;
let workspaceId: string;
let ids: SampleIds;
const owner = newPerson("Olga Owner");

beforeAll(async () => {
  project = await startSupabaseAuthContract();
  app = await startTestApp({ supabase: { url: project.url, publishableKey: project.publishableKey }, unclaimed: true });
  const token = await claimToken();
  const answer = await (await as(owner)).post("/api/claim/signed-in", { token });
  workspaceId = answer.body.workspaces[0].id;
  ids = {
    ...(await buildOneOfEverything(app.db.owner, workspaceId, owner.id)),
    member: randomUUID(),
    session: randomUUID(),
    memberEmail: "member@example.com",
    instanceAdmin: randomUUID(),
    resetToken: "x".repeat(43),
    invitationToken: await invite("somebody@example.com"),
  };
});
afterAll(async () => {
  await app.stop();
  await project.stop();
});

function newPerson(name = "Some Body"): SupabasePerson {
  return { id: randomUUID(), email: `${name.split(" ")[0]?.toLowerCase()}.${randomUUID().slice(0, 8)}@example.com`, name };
}
const withToken = (token: string): Client => createClient(app.url, { authorization: `Bearer ${token}` });
const as = async (person: SupabasePerson, changes = {}): Promise<Client> => withToken(await project.token(person, changes));
const claimToken = async () => new URL((await issueClaimLink(app.resources)) ?? "").hash.slice(1);
async function invite(email: string, role = "editor"): Promise<string> {
  const { status, body } = await (await as(owner)).post("/api/invitations", { email, role });
  expect(status).toBe(201);
  return new URL(body.link).hash.slice(1);
}

describe("without a good token", () => {
  test("no route of a person or member answers, and none is mistaken for a token that is merely old", async () => {
    const stranger = await as(newPerson());
    const bad: Record<string, string> = {
      expired: await project.token(owner, { exp: Math.floor(Date.now() / 1000) - 60 }),
      "of another project": await project.token(owner, { iss: "https://other.supabase.co/auth/v1" }),
      "of the service role": await project.token(owner, { role: "service_role" }),
      anonymous: await project.token(owner, { is_anonymous: true }),
      "the publishable key": project.publishableKey,
    };
    for (const id of routeIds.filter((one) => routeTable[one].auth.kind !== "public")) {
      expect([id, "nobody", (await callRoute(app.nobody, id, ids)).status]).toEqual([id, "nobody", 401]);
      for (const [kind, token] of Object.entries(bad)) {
        const { status, body } = await callRoute(withToken(token), id, ids);
        expect([id, kind, status, body.code]).toEqual([id, kind, 401, "unauthenticated"]);
      }
    }
    const member = routeIds.filter((one) => routeTable[one].auth.kind === "member");
    for (const id of member) {
      expect([id, (await callRoute(stranger, id, ids)).status]).toEqual([id, 404]);
    }
  });

  test("a public route refuses a token that is not good instead of going on as nobody", async () => {
    expect((await withToken("a.b.c").get("/api/session")).status).toBe(401);
    expect((await app.nobody.get("/api/session")).body).toEqual({
      claimed: true,
      user: null,
      workspaces: [],
      signIn: { kind: "supabase", url: project.url, publishableKey: project.publishableKey },
    });
  });

  test("a cookie is not read, not even a good one of an instance with passwords", async () => {
    const cookie = "sluice_session=abcdefghijklmnopqrstuvwxyz012345.signature";
    expect((await createClient(app.url, { cookie, origin: app.url }).get("/api/members")).status).toBe(401);
  });

  test("what takes a password of ours is refused with the reason", async () => {
    const client = await as(owner);
    const answers = [
      await app.nobody.post("/api/session", { email: owner.email, password: "a long passphrase" }),
      await client.post("/api/account/password", { currentPassword: "a long passphrase", newPassword: "another passphrase" }),
      await client.get("/api/account/sessions"),
      await client.delete(`/api/account/sessions/${randomUUID()}`),
    ];
    for (const { status, body } of answers) expect([status, body.code]).toEqual([409, "identity_elsewhere"]);
  });
});

test("a forged token is one entry an hour in the workspaces of the person whom it names; one that is merely old, or names nobody, is none", async () => {
  const person = newPerson("Fay Forged");
  await addMember(app.db.owner, { workspaceId, userId: person.id, role: "viewer" });
  expect((await (await as(person)).get("/api/contacts")).status).toBe(200);
  const theirs = await createSigningKey(randomUUID());
  const tokens = [
    await project.token(person, { exp: Math.floor(Date.now() / 1000) - 3_600 }),
    await project.token(newPerson(), {}, theirs),
    await project.token(person, {}, theirs),
    await project.token(person, {}, theirs),
    "a.b.c",
  ];
  const entries = () =>
    app.db.owner
      .selectFrom("audit_log")
      .select(["actor_id", "subject_id", "subject_name", "workspace_id"])
      .where("action", "=", "session.token_forged")
      .execute();
  for (const token of tokens) expect((await withToken(token).get("/api/contacts")).status).toBe(401);
  await expect.poll(entries).toEqual([{ actor_id: null, subject_id: person.id, subject_name: "Fay Forged", workspace_id: workspaceId }]);
  expect(app.logged.filter((line) => line.includes("An access token was forged"))).toHaveLength(1);
  expect(app.logged.join()).not.toContain("Fay Forged");
});

describe("membership decides", () => {
  test("somebody of the project who was never invited sees nothing and cannot make a place of their own", async () => {
    const client = await as(newPerson());
    expect((await client.get("/api/session")).body).toMatchObject({ workspaces: [] });
    expect((await client.get("/api/contacts")).status).toBe(404);
    expect((await client.with({ "x-workspace-id": workspaceId }).get("/api/contacts")).status).toBe(404);
    for (const path of ["/api/workspaces", "/api/workspaces/demo"]) {
      const { status, body } = await client.post(path, path.endsWith("demo") ? undefined : { name: "Mine" });
      expect([status, body.code]).toEqual([403, "forbidden"]);
    }
  });

  test("what a token says about roles does not count; who was removed is refused on the next request", async () => {
    const person = newPerson();
    await addMember(app.db.owner, { workspaceId, userId: person.id, role: "viewer" });
    const client = await as(person, { app_metadata: { role: "owner", workspace_role: "admin" }, user_metadata: { role: "owner" } });
    expect((await client.get("/api/contacts")).status).toBe(200);
    expect((await client.patch("/api/workspace", { name: "Mine" })).status).toBe(403);
    expect((await (await as(owner)).delete(`/api/members/${person.id}`)).status).toBe(200);
    expect((await client.get("/api/contacts")).status).toBe(404);
  });

  test("row level security binds them too: with another's workspace nothing of it is seen", async () => {
    const other = newPerson();
    const theirs = await app.db.owner.transaction().execute((tx) => createWorkspace(tx, { name: "Theirs", ownerId: other.id }));
    const { send: sendId } = await buildOneOfEverything(app.db.owner, theirs.id, other.id);
    expect((await (await as(other)).get(`/api/sends/${sendId}`)).status).toBe(200);
    expect((await (await as(owner)).get(`/api/sends/${sendId}`)).status).toBe(404);
  });

  test("names and addresses of members are those of their last token", async () => {
    const person = newPerson("Nina New");
    await addMember(app.db.owner, { workspaceId, userId: person.id, role: "editor" });
    await (await as(person)).get("/api/members");
    const later = { ...person, name: "Nina Newer", email: "newer@example.com" };
    const { items } = (await (await as(later)).get("/api/members")).body;
    expect(items.find((item: { userId: string }) => item.userId === person.id)).toMatchObject({
      name: "Nina Newer",
      email: "newer@example.com",
    });
  });

  test("an open stream ends at once when its person signs out", async () => {
    const person = newPerson();
    await addMember(app.db.owner, { workspaceId, userId: person.id, role: "viewer" });
    const { send } = await buildOneOfEverything(app.db.owner, workspaceId, person.id);
    await app.db.owner.updateTable("flow_sends").set({ state: "running" }).where("id", "=", send).execute();
    const client = await as(person);
    const response = await client.fetch(`/api/sends/${send}/events`);
    expect(response.status).toBe(200);
    expect((await client.delete("/api/session")).status).toBe(200);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    while (!(await reader.read()).done);
  });

  test("who claimed the instance is its admin, and names another by the address of their token", async () => {
    const [claimer, other] = [newPerson(), newPerson()];
    await app.db.owner.transaction().execute((tx) => insertInstanceAdmin(tx, { userId: claimer.id, namedBy: null }));
    await addMember(app.db.owner, { workspaceId, userId: other.id, role: "viewer" });
    const client = await as(other);
    expect((await client.get("/api/session")).body).toMatchObject({ instanceAdmin: false, mayCreateWorkspaces: false });
    expect((await client.get("/api/instance/settings")).status).toBe(403);
    expect((await (await as(claimer)).post("/api/instance/admins", { email: other.email })).status).toBe(201);
    expect((await client.get("/api/instance/settings")).status).toBe(200);
    expect((await client.get("/api/session")).body).toMatchObject({ instanceAdmin: true, mayCreateWorkspaces: true });
  });

  test("an API key works as ever", async () => {
    const { body } = await (await as(owner)).post("/api/api-keys", { name: "Script", scopes: ["contacts:read"] });
    expect((await withToken(body.key).get("/api/contacts")).status).toBe(200);
  });
});

describe("the first owner", () => {
  test("is whoever is signed in and holds the link, once; of many at the same time exactly one", async () => {
    const fresh = await startTestApp({ supabase: { url: project.url, publishableKey: project.publishableKey }, unclaimed: true });
    try {
      const link = (await issueClaimLink(fresh.resources)) ?? "";
      const token = new URL(link).hash.slice(1);
      expect((await createClient(fresh.url).post("/api/claim/signed-in", { token })).status).toBe(401);
      const people = Array.from({ length: 10 }, () => newPerson());
      const clients = await Promise.all(
        people.map(async (person) => createClient(fresh.url, { authorization: `Bearer ${await project.token(person)}` })),
      );
      expect((await clients[0]?.post("/api/claim/signed-in", { token: "x".repeat(43) }))?.status).toBe(410);
      expect((await clients[0]?.get("/api/session"))?.body).toMatchObject({ claimed: false, user: { id: people[0]?.id } });
      const answers = await Promise.all(clients.map((client) => client.post("/api/claim/signed-in", { token })));
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 9 }, () => 404)]);
      expect(answers.find(({ status }) => status === 200)?.body).toMatchObject({ claimed: true, workspaces: [{ role: "owner" }] });
      const { rows } = await sql`select action from audit_log where action = 'instance.claim'`.execute(fresh.db.owner);
      expect(rows).toHaveLength(1);
    } finally {
      await fresh.stop();
    }
  });

  test("cannot be made with a password here", async () => {
    const fresh = await startTestApp({ supabase: { url: project.url, publishableKey: project.publishableKey }, unclaimed: true });
    try {
      const token = new URL((await issueClaimLink(fresh.resources)) ?? "").hash.slice(1);
      const claim = { token, name: "A", email: "a@example.com", password: "a long passphrase" };
      const { status, body } = await createClient(fresh.url).post("/api/claim", claim);
      expect([status, body.code]).toEqual([409, "identity_elsewhere"]);
      const { rows } = await sql`select from private.users`.execute(fresh.db.owner);
      expect(rows).toEqual([]);
    } finally {
      await fresh.stop();
    }
  });
});

describe("an invitation by address", () => {
  test("is not accepted by nobody, nor by who signed in under another address", async () => {
    const token = await invite("invited@example.com");
    const nobody = await app.nobody.post("/api/invitations/accept", { token, name: "Me", password: "a long passphrase" });
    expect([nobody.status, nobody.body.code]).toEqual([401, "unauthenticated"]);
    expect((await (await as(newPerson())).post("/api/invitations/accept", { token })).status).toBe(403);
  });

  test("makes a member of who signed in under it, whatever its capitals", async () => {
    const guest = { ...newPerson("Gus Guest"), email: `Gus.${randomUUID()}@Example.com` };
    const token = await invite(guest.email.toLowerCase());
    expect((await app.nobody.post("/api/invitations/preview", { token })).body).toMatchObject({ hasAccount: false });
    const { status, body } = await (await as(guest)).post("/api/invitations/accept", { token });
    expect([status, body.workspaces]).toMatchObject([200, [{ id: workspaceId, role: "editor" }]]);
    expect((await (await as(guest)).get("/api/contacts")).status).toBe(200);
    const again = await (await as(owner)).post("/api/invitations", { email: guest.email, role: "viewer" });
    expect(again.status).toBe(409);
  });
});

test("who signed out is refused on the next request although their token is still good, and no other session is", async () => {
  const sessionId = randomUUID();
  const client = await as(owner, { session_id: sessionId });
  const elsewhere = await as(owner);
  expect((await client.get("/api/contacts")).status).toBe(200);
  expect((await client.delete("/api/session")).status).toBe(200);
  expect((await client.get("/api/contacts")).status).toBe(401);
  // A fresh token of the same session is refused too.
  expect((await (await as(owner, { session_id: sessionId })).get("/api/session")).status).toBe(401);
  expect((await elsewhere.get("/api/contacts")).status).toBe(200);
});

test("progress streams to a bearer, and to nobody without one", async () => {
  const { send: sendId } = ids;
  expect((await app.nobody.fetch(`/api/sends/${sendId}/events`)).status).toBe(401);
  const stop = new AbortController();
  const response = await (await as(owner)).fetch(`/api/sends/${sendId}/events?workspaceId=${workspaceId}`, { signal: stop.signal });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const { value } = await (response.body as ReadableStream<Uint8Array>).getReader().read();
  expect(new TextDecoder().decode(value)).toContain("data: ");
  stop.abort();
});

test("when the project's keys cannot be had the answer is 'later', and nothing is lost in the log", async () => {
  const other = await startSupabaseAuthContract();
  other.keysAre = "failing";
  const apart = await startTestApp({ supabase: { url: other.url, publishableKey: other.publishableKey }, unclaimed: true });
  try {
    const answer = await createClient(apart.url, { authorization: `Bearer ${await other.token(owner)}` }).get("/api/session");
    expect([answer.status, answer.body.code, answer.headers.get("retry-after")]).toEqual([503, "unavailable", "5"]);
    expect(apart.logged.join("")).toContain("signing keys of the Supabase project");
  } finally {
    await apart.stop();
    await other.stop();
  }
});

test("no token is ever logged, and pages may connect to the project and nowhere else", async () => {
  const token = await project.token(owner);
  await withToken(token).get("/api/contacts");
  expect(app.logged.join("")).not.toContain(token.split(".")[2]);
  const policy = (await app.nobody.get("/api/health")).headers.get("content-security-policy");
  expect(policy).toContain(`connect-src 'self' ${project.url};`);
});
