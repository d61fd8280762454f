import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditEntry } from "#contract/audit.ts";
import { addMember } from "#db/queries/members.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { chain, node } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

type Item = AuditEntry;
let app: TestApp;
let admin: Client;
beforeAll(async () => {
  app = await startTestApp();
  admin = (await app.ours.as("admin")).with({ "x-workspace-id": app.ours.workspaceId });
  const theirs = (await app.theirs.as("owner")).with({ "x-workspace-id": app.theirs.workspaceId });
  await theirs.post("/api/contacts", { firstname: "Their", lastname: "Secret" });
  for (const firstname of ["Ana", "Bea", "Cleo"]) await admin.post("/api/contacts", { firstname, lastname: "Lopes" });
  await admin.patch("/api/workspace", { name: "Renamed" });
});
afterAll(() => app.stop());

const read = async (query: string, client = admin) => client.get(`/api/audit-log?${query}`);

test("the audit log tells who did what, newest first, a page at a time, and nothing of another workspace", async () => {
  const { body } = await read("limit=3");
  expect(body.items.map(({ action }: { action: string }) => action)).toEqual(["workspace.update", "contact.create", "contact.create"]);
  expect(body.items[0]).toMatchObject({ actorName: "admin member", subjectType: "workspace" });
  const next = await read(`limit=3&cursor=${encodeURIComponent(body.nextCursor)}`);
  const seen = [...body.items, ...next.body.items];
  expect(seen.filter(({ action }: { action: string }) => action === "contact.create")).toHaveLength(3);
  expect(new Set(seen.map(({ id }: { id: string }) => id)).size).toBe(seen.length);
  const contacts = await read("subjectType=contact");
  expect(contacts.body.items).toHaveLength(3);
});

test("the audit log is closed to editors and viewers", async () => {
  for (const role of ["editor", "viewer"] as const) expect((await read("", await app.ours.as(role))).status).toBe(403);
});

test("a setting is recorded with what it was", async () => {
  const [entry] = (await read("subjectType=workspace")).body.items;
  expect(entry.details).toEqual({ before: { name: expect.any(String) }, name: "Renamed" });
});

test("an entry names what it is about as it was called then, and a contact only while it exists", async () => {
  const flow = (await admin.post("/api/flows", { name: "Welcome", ...chain(node("start"), node("end")) })).body;
  await admin.patch(`/api/flows/${flow.id}`, { name: "Good morning" });
  const named = (await read("subjectType=flow")).body.items;
  expect(named.map(({ subjectName, details }: Item) => [subjectName, details])).toEqual([
    ["Good morning", { before: { name: "Welcome" }, name: "Good morning" }],
    ["Welcome", {}],
  ]);
  const { body: contact } = await admin.post("/api/contacts", { firstname: "Dora", lastname: "Gone" });
  expect((await read("subjectType=contact&limit=1")).body.items[0]).toMatchObject({ subjectId: contact.id, subjectName: "Dora Gone" });
  const stored = await app.db.owner.selectFrom("audit_log").selectAll().where("subject_id", "=", contact.id).execute();
  expect(JSON.stringify(stored)).not.toContain("Dora");
  await admin.delete(`/api/contacts/${contact.id}`);
  expect((await read("subjectType=contact&limit=1")).body.items[0]).toMatchObject({ subjectId: contact.id, subjectName: null });
});

test("the log is narrowed by person and by time, also where pages are small", async () => {
  const editor = await app.ours.as("editor");
  for (let n = 0; n < 3; n += 1) await editor.post("/api/contacts", { firstname: `E${n}`, lastname: "Lopes" });
  const who = `actorId=${await app.ours.userId("editor")}`;
  const first = (await read(`${who}&subjectType=contact&limit=2`)).body;
  const second = (await read(`${who}&subjectType=contact&limit=2&cursor=${encodeURIComponent(first.nextCursor)}`)).body;
  expect([...first.items, ...second.items].map(({ actorName }: Item) => actorName)).toEqual(Array(3).fill("editor member"));
  expect(second.nextCursor).toBeNull();
  const { at } = first.items[1] as Item;
  const since = (await read(`${who}&subjectType=contact&from=${encodeURIComponent(at)}`)).body.items;
  const before = (await read(`${who}&subjectType=contact&until=${encodeURIComponent(at)}`)).body.items;
  expect(since.length + before.length).toBe(3);
  expect(since.length).toBeGreaterThan(0);
  expect((await read("from=yesterday")).status).toBe(400);
});

test("an export is recorded with how many contacts left, by the file and by the selection", async () => {
  const viewer = await app.ours.as("viewer");
  await viewer.get("/api/contacts/export");
  await viewer.post("/api/contacts/export", { selection: { type: "filter", filter: { tests: [] }, excluded: [] } });
  const { total } = (await viewer.get("/api/contacts/count")).body;
  const exports = (await read("subjectType=contacts")).body.items.filter(({ action }: Item) => action === "contacts.export");
  expect(exports.map(({ actorName, details }: Item) => [actorName, details])).toEqual(
    Array(2).fill(["viewer member", { selection: "filter", contacts: total }]),
  );
});

test("a refused act is one entry for each caller and route, which counts, and the process log names nobody", async () => {
  const viewer = await app.ours.as("viewer");
  for (let n = 0; n < 5; n += 1) expect((await viewer.patch("/api/workspace", { name: "Mine" })).status).toBe(403);
  const key = await app.ours.key(["contacts:read"]);
  expect((await key.post("/api/contacts", { firstname: "A" })).status).toBe(403);
  expect((await viewer.get("/api/instance/settings")).status).toBe(403);
  const refusals = async () =>
    (await read("subjectType=access")).body.items.map(({ actorName, subjectId, times }: Item) => [actorName, subjectId, times]);
  const expected = [
    ["viewer member", "PATCH /api/workspace", 5],
    ["API key Key contacts:read", "POST /api/contacts", 1],
    ["viewer member", "GET /api/instance/settings", 1],
  ];
  await expect.poll(async () => (await refusals()).filter(([, , times]: unknown[]) => times).length).toBeGreaterThanOrEqual(3);
  await expect.poll(refusals).toEqual(expect.arrayContaining(expected));
  const lines = app.logged.filter((line) => line.includes("A caller was refused"));
  expect(lines.length).toBeGreaterThanOrEqual(3);
  expect(lines.join()).not.toMatch(/viewer member|Key contacts/);
});

test("failed sign-ins are one entry an hour in the workspaces of the person, without the password, and none for an unknown address", async () => {
  const { email, userId } = await app.signUp("Sana");
  await addMember(app.db.owner, { workspaceId: app.ours.workspaceId, userId, role: "editor" });
  const guess = { email, password: "a guess that is wrong" };
  for (let n = 0; n < 7; n += 1) await app.nobody.post("/api/session", guess);
  await app.nobody.post("/api/session", { ...guess, email: "nobody@example.com" });
  const failed = async () =>
    (await read(`actorId=${userId}`)).body.items
      .filter(({ action }: Item) => action === "session.sign_in_failed")
      .map(({ actorName, subjectName, times }: Item) => [actorName, subjectName, times]);
  await expect.poll(failed).toEqual([[null, "Sana", 7]]);
  const rows = await app.db.owner.selectFrom("audit_log").selectAll().execute();
  expect(JSON.stringify(rows)).not.toMatch(/a guess that is wrong|nobody@example\.com/);
  expect(app.logged.join()).not.toMatch(/a guess that is wrong|nobody@example\.com/);
});

test("a cursor of another list is refused", async () => {
  const { body } = await admin.get("/api/contacts?limit=1");
  expect((await read(`cursor=${encodeURIComponent(body.nextCursor)}`)).status).toBe(400);
});
