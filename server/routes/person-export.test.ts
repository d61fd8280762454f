import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exportedTables } from "#contract/person-export.ts";
import { addMember } from "#db/queries/members.ts";
import { notExported } from "#db/queries/person-export.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, email, node, sms } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let admin: Client;
let contactId: string;
beforeAll(async () => {
  app = await startTestApp();
  admin = await app.ours.as("admin");
  await admin.patch("/api/workspace", { smsCountries: ["AT"] });
  const given = {
    firstname: "Petra",
    lastname: "Asks",
    email: "petra@example.test",
    phoneNumber: "+436641234567",
    metadata: { pet: "Rex" },
  };
  contactId = (await admin.post("/api/contacts", given)).body.id;
  await admin.post("/api/contacts", { firstname: "Somebody", lastname: "Else", email: "else@example.test" });
  const flowId = await buildFlow(
    app.db.owner,
    app.ours.workspaceId,
    chain(node("start"), sms("Hello {{ firstname }}"), email("Dear {{ firstname }}"), node("end")),
  );
  await admin.post("/api/sends", { flowId, selection: { type: "filter", filter: { tests: [] } }, undoSeconds: 0 });
  await app.driver.runUntilIdle();
});
afterAll(() => app.stop());

describe("everything about a person is not exported", () => {
  test.each(["viewer", "editor"] as const)("to a %s", async (role) => {
    expect((await (await app.ours.as(role)).post(`/api/contacts/${contactId}/export`)).status).toBe(403);
  });

  test("to a key without the scope admin, nor to another workspace, nor of nobody", async () => {
    expect((await (await app.ours.key(["contacts:read", "contacts:write"])).post(`/api/contacts/${contactId}/export`)).status).toBe(403);
    const theirs = await (await app.theirs.as("admin")).post(`/api/contacts/${contactId}/export`);
    const missing = await admin.post(`/api/contacts/${randomUUID()}/export`);
    expect([theirs.status, theirs.body.code, missing.status]).toEqual([404, "contact_not_found", 404]);
  });
});

test("an admin gets what is kept about one person and nothing of others, and the audit log says so without the name", async () => {
  const { status, body, text } = await admin.post(`/api/contacts/${contactId}/export`);
  expect(status).toBe(200);
  expect(Object.keys(body.kept).sort()).toEqual([...exportedTables].sort());
  expect(body).toMatchObject({ contactId, cut: [] });
  expect(body.kept.contacts).toEqual([expect.objectContaining({ firstname: "Petra", metadata: { pet: "Rex" } })]);
  expect(body.kept.messages.map(({ to_address }: { to_address: string }) => to_address).sort()).toEqual([
    "+436641234567",
    "petra@example.test",
  ]);
  expect(body.kept.messages.map(({ body: said }: { body: string }) => said).join()).toContain("Hello Petra");
  expect(body.kept.flow_executions).toHaveLength(1);
  expect(body.kept.flow_execution_steps.length).toBeGreaterThanOrEqual(2);
  expect(text).not.toMatch(/Somebody|else@example/);
  const [entry] = await app.db.owner.selectFrom("audit_log").selectAll().where("action", "=", "contact.export").execute();
  expect(entry).toMatchObject({ subject_id: contactId, subject_name: null, details: { messages: 2, flows: 1 } });
  expect(JSON.stringify(entry)).not.toContain("Petra");
  const key = await app.ours.key(["admin"]);
  expect((await key.post(`/api/contacts/${contactId}/export`)).body.kept.contacts).toHaveLength(1);
});

test("values of their own that wait with a send for its approval are in it, without those of others, and go when the contact is erased", async () => {
  const { owner } = app.db;
  const { workspaceId } = app.ours;
  const [one, other] = [await buildContact(owner, workspaceId), await buildContact(owner, workspaceId)];
  const inputs = [{ name: "gift", label: "Gift", type: "text" }];
  const flowId = await buildFlow(owner, workspaceId, chain(node("start", { inputs }), sms("{{ input.gift }}"), node("end")));
  const approval_rules = JSON.stringify({ above: null, editors: true });
  await owner.updateTable("workspaces").set({ approval_rules }).where("id", "=", workspaceId).execute();
  const editor = await app.ours.as("editor");
  const contactValues = [
    { contactId: one, values: { gift: "A bicycle" } },
    { contactId: other, values: { gift: "A kite" } },
  ];
  const sent = await editor.post("/api/sends", { flowId, selection: { type: "ids", ids: [one, other] }, contactValues });
  expect(sent.body.send).toMatchObject({ state: "awaiting_approval" });
  const { body, text } = await admin.post(`/api/contacts/${one}/export`);
  expect(body.kept.send_approvals).toEqual([
    { send_id: sent.body.send.id, state: "asked", asked_at: expect.any(String), own_values: { gift: "A bicycle" } },
  ]);
  expect(text).not.toContain("A kite");
  const actor = { id: randomUUID(), name: "Tester" };
  await app.resources.engine.deleteContacts({ workspaceId, selection: { type: "ids", ids: [one] }, actor });
  await app.resources.engine.eraseContacts({ workspaceId, ids: [one], actor });
  const { rows } = await sql<{ own_values: object }>`select own_values from send_approvals where workspace_id = ${workspaceId}`.execute(
    owner,
  );
  expect(rows).toEqual([{ own_values: { [other]: { gift: "A kite" } } }]);
});

test("an admin of two workspaces gets of one contact what the one workspace keeps, and not what the other keeps of the same address", async () => {
  const { owner } = app.db;
  await addMember(owner, { workspaceId: app.theirs.workspaceId, userId: await app.ours.userId("admin"), role: "admin" });
  const address = "shared@example.test";
  const { body: contact } = await admin.post("/api/contacts", { firstname: "Shared", email: address });
  await owner
    .insertInto("suppressions")
    .values([
      { workspace_id: app.ours.workspaceId, channel: "email", address, reason: "bounced_here" },
      { workspace_id: app.theirs.workspaceId, channel: "email", address, reason: "bounced_there" },
    ])
    .execute();
  const { body } = await admin.post(`/api/contacts/${contact.id}/export`);
  expect(body.kept.suppressions.map(({ reason }: { reason: string }) => reason)).toEqual(["bounced_here"]);
  await owner
    .deleteFrom("workspace_members")
    .where("workspace_id", "=", app.theirs.workspaceId)
    .where("user_id", "=", await app.ours.userId("admin"))
    .execute();
});

test("every table that names a contact is in the export, or is left out by name", async () => {
  const { rows } = await sql<{ name: string }>`
    select case table_schema when 'public' then table_name else table_schema || '.' || table_name end as name
    from information_schema.columns join information_schema.tables t using (table_schema, table_name)
    where column_name = 'contact_id' and t.table_type = 'BASE TABLE' and table_schema in ('public', 'private') order by 1`.execute(
    app.db.owner,
  );
  const known = new Set<string>([...exportedTables, ...notExported]);
  expect(rows.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
});
