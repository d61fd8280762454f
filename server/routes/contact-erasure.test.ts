import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import type { Channel } from "#contract/messages.ts";
import { createMetrics } from "#server/ops/metrics.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildFlow } from "#test/factories.ts";
import { fakeProvider } from "#test/fake-provider.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

/** Every field of the person holds one of these, and so does everything that the world outside says of them. */
const traces = ["canarius", "4159871234", "1980-02-03", "2031-07-19", "Pacific/Chatham"];
const person = {
  firstname: "Canarius",
  lastname: "Canarius-Meyer",
  name: "Dr. Canarius",
  email: "canarius@example.test",
  phoneNumber: "+1 415 987 1234",
  leadStatus: "canarius status",
  conversationStatus: "canarius talks",
  timeZone: "Pacific/Chatham",
  metadata: { birthday: "1980-02-03", renewal: "2031-07-19", nested: { note: "canarius" }, tags: ["canarius"] },
};

const providers: Record<Channel, ReturnType<typeof fakeProvider>> = { sms: fakeProvider("sms"), email: fakeProvider("email") };
const metrics = createMetrics();
let app: TestApp;
let editor: Client;
let owner: Client;

beforeAll(async () => {
  app = await startTestApp({
    engine: {
      meter: metrics.meter,
      providerFor: async (_, channel) => providers[channel],
      callWebhook: async () => ({
        outcome: "answered",
        status: 200,
        excerpt: '{"who":"Canarius"}',
        fields: { who: "Canarius", goal: "canarius" },
        retryAfterMs: undefined,
        durationMs: 5,
      }),
    },
  });
  editor = await app.ours.as("editor");
  owner = await app.ours.as("owner");
});
afterAll(() => app.stop());

const refused = (message: string) => ({ outcome: "rejected", reason: "provider_rejected", message, retryable: false }) as const;

/** Rows that hold a trace of the person. The texts of the migrations are left out: one of them lists every time zone. */
async function tablesWithTraces(): Promise<string[]> {
  const { rows: tables } = await sql<{ schema: string; name: string }>`
    select schemaname as schema, tablename as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema', 'supabase_migrations')`.execute(
    app.db.owner,
  );
  const found: string[] = [];
  for (const { schema, name } of tables) {
    const { rows } = await sql<{ row: string }>`select t::text as row from ${sql.table(`${schema}.${name}`)} t
      where t::text ilike any(${traces.map((trace) => `%${trace}%`)}::text[])`.execute(app.db.owner);
    for (const { row } of rows) found.push(`${schema}.${name}: ${row}`);
  }
  return found;
}

const addFlow = async (flow: FlowGraph, name: string) => {
  const { id } = await app.db.owner
    .insertInto("flows")
    .values({ name, workspace_id: app.ours.workspaceId, nodes: JSON.stringify(flow.nodes), edges: JSON.stringify(flow.edges) })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
};

/** Runs what is due, and waits for the webhooks that are called meanwhile. */
async function runAll(seconds = 0): Promise<void> {
  app.driver.clock.forward(seconds * 1000);
  for (let quiet = 0; quiet < 5; ) {
    await app.driver.runUntilIdle();
    await sleep(10);
    const open = await app.db.owner.selectFrom("wake_ups").select("call").where("call_lease", "is not", null).execute();
    quiet = open.length === 0 ? quiet + 1 : 0;
  }
}

/** Leads the person through every node that writes something of them down, with every kind of answer from outside. */
async function liveALife(contactId: string): Promise<void> {
  const hook = { ...node("webhook", { url: "https://api.example.com/{{ firstname }}", fields: [{ name: "who", path: "who" }] }) };
  const everything = graph(
    [
      node("start"),
      hook,
      node("update_contact", { changes: [{ field: "lead_status", operation: "append", value: "{{ firstname }}" }] }),
      node("set_variable", { name: "greeting", value: "Dear {{ firstname }}" }),
      node("condition", { branches: [{ id: "known", tests: [{ field: "firstname", operator: "is_not_empty" }] }] }),
      node("consent", { email: "opt_in" }),
      node("delay", { mode: "until_date", field: "metadata.birthday", past: "go_on" }, "birthday"),
      node("time_window", { days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "24:00" }),
      sms("{{ trigger.note }} {{ firstname }}", { onError: "continue" }),
      email("{{ firstname }}", { onError: "continue" }),
      node("delay", { mode: "until_date", field: "metadata.renewal" }, "renewal"),
    ],
    "start > webhook",
    "webhook:success > update_contact",
    "update_contact > set_variable",
    "set_variable > condition",
    "condition:known > consent",
    "consent > birthday",
    "birthday > time_window",
    "time_window > sms",
    "sms > email",
    "sms:failed > email",
    "email > renewal",
    "email:failed > renewal",
  );
  const retried = chain(node("start"), email("again {{ firstname }}"), wait(60));
  const failing = chain(node("start"), sms("Hello {{ firstname }}"));
  const thrown = chain(node("start"), sms("Hello {{ firstname }}", {}, "thrown"));
  const sendTo = async (flow: FlowGraph, name: string, more: object = {}) => {
    const { status, body } = await editor.post("/api/sends", {
      flowId: await addFlow(flow, name),
      selection: { type: "filter", filter: { search: "canarius@example.test", tests: [] } },
      triggerData: { note: "canarius", phone: "+14159871234" },
      ...more,
    });
    expect({ status, body }).toMatchObject({ status: 202 });
    await runAll();
  };
  providers.sms.answer(refused("no such number +14159871234 of Canarius"));
  providers.email.answer(refused("550 5.7.1 <canarius@example.test>: refused by canarius"));
  await sendTo(everything, "Everything");
  providers.email.answer({
    outcome: "rejected",
    reason: "provider_unavailable",
    message: "451 <canarius@example.test> greylisted",
    retryable: true,
  });
  await sendTo(retried, "Retried");
  providers.sms.answer(refused("Canarius cannot be reached"));
  await sendTo(failing, "Failing", { selection: { type: "ids", ids: [contactId] } });
  providers.sms.answer(() => Promise.reject(new Error("cannot write to +14159871234 or <canarius@example.test>")));
  await sendTo(thrown, "Thrown");
  providers.sms.answer({
    outcome: "rejected",
    reason: "bad_phone",
    invalidatesAddress: true,
    message: "unknown number +14159871234",
    retryable: false,
  });
  await sendTo(failing, "Unknown number");
}

test("nothing of an erased person is left in any table, in the log or in the metrics", async () => {
  const created = await editor.with({ "idempotency-key": "canary" }).post("/api/contacts", person);
  expect(created.status).toBe(201);
  const contactId: string = created.body.id;
  await liveALife(contactId);
  // Where a link of a message leads, with what a merge field put there.
  await sql`
    insert into tracked_links (workspace_id, flow_execution_id, visit, channel, send_id, contact_id, kind, url)
    select workspace_id, flow_execution_id, visit, channel, send_id, contact_id, 'click', 'https://shop.example/?who=canarius'
    from messages where contact_id = ${contactId}::uuid and send_id is not null limit 1`.execute(app.db.owner);
  const before = (await tablesWithTraces()).map((row) => row.split(":")[0]);
  expect(new Set(before)).toEqual(
    new Set(
      ["contacts", "flow_executions", "flow_execution_steps", "flow_sends", "messages", "tracked_links"]
        .map((name) => `public.${name}`)
        .concat(before as string[]),
    ),
  );

  await editor.patch(`/api/contacts/${contactId}`, { emailOptedOut: true });
  await app.resources.engine.createBulkJob({
    workspaceId: app.ours.workspaceId,
    jobId: randomUUID(),
    selection: { type: "filter", filter: { search: "canarius", tests: [] }, excluded: [] },
    action: { type: "change_status", leadStatus: "Lost" },
    isAdmin: false,
    actor: { id: await app.ours.userId("editor"), name: "Editor" },
  });
  await runAll();
  expect((await tablesWithTraces()).some((row) => row.startsWith("public.bulk_job_items"))).toBe(true);

  expect((await editor.delete(`/api/contacts/${contactId}`)).status).toBe(200);
  expect((await owner.post("/api/bin/erase", { ids: [contactId] })).body).toEqual({ erased: 1 });
  await runAll(10 * 366 * 86_400);
  expect(await tablesWithTraces()).toEqual([]);
  const said = `${app.logged.join("\n")}\n${await metrics.text()}`.toLowerCase();
  for (const trace of traces) expect(said).not.toContain(trace.toLowerCase());
});

test("nor in a send that left them out, in a test message, or in what was written and answered before they were a contact", async () => {
  const { workspaceId } = app.theirs;
  const [theirEditor, theirOwner] = [await app.theirs.as("editor"), await app.theirs.as("owner")];
  const { engine } = app.resources;
  const write = (channel: Channel, from: string, text: string) =>
    engine.takeInbound({
      ...{ workspaceId, channel, provider: "fake" },
      events: [
        {
          kind: "received",
          providerMessageId: randomUUID(),
          from,
          to: channel === "sms" ? "+15550001111" : "we@example.test",
          text,
          files: 0,
        },
      ],
    });
  providers.sms.answer({ outcome: "accepted", providerMessageId: "1" });
  await write("sms", "+14159871234", "HELP");
  await write("email", "Canarius@Example.TEST", "Canarius asks");
  await engine.inboundIdle();
  expect((await theirOwner.post("/api/providers/email/test", { to: "Canarius@example.test" })).status).toBe(200);
  expect((await tablesWithTraces()).filter((row) => row.startsWith("public.messages"))).toHaveLength(2);

  const { body: contact } = await theirEditor.post("/api/contacts", person);
  const { id: flowId } = await app.db.owner
    .insertInto("flows")
    .values({ name: "Left out", workspace_id: workspaceId, ...asJson(chain(node("start"), sms("Hello"))) })
    .returning("id")
    .executeTakeFirstOrThrow();
  const { body: sent } = await theirEditor.post("/api/sends", {
    flowId,
    selection: { type: "filter", filter: { search: "canarius@example.test", tests: [] } },
    condition: { tests: [{ field: "email", operator: "is_not", value: "canarius@example.test" }] },
  });
  await runAll();
  const { body: send } = await theirEditor.get(`/api/sends/${sent.send.id}`);
  expect(send).toMatchObject({ enrolled: 0, notEnrolled: 1 });
  await app.db.owner
    .updateTable("flow_send_skips")
    .set({ variables: '{"note":"canarius"}' })
    .where("contact_id", "=", contact.id)
    .execute();

  expect((await theirEditor.delete(`/api/contacts/${contact.id}`)).status).toBe(200);
  expect((await theirOwner.post("/api/bin/erase", { ids: [contact.id] })).body).toEqual({ erased: 1 });
  await runAll();
  expect(await tablesWithTraces()).toEqual([]);
});

test("nor in what was tried, foretold, imported, written by hand, or reported of them", async () => {
  const tenant = await app.createTenant("Third");
  const { workspaceId } = tenant;
  const [theirEditor, theirOwner] = [await tenant.as("editor"), await tenant.as("owner")];
  const { engine } = app.resources;
  const { body: contact } = await theirEditor.post("/api/contacts", person);
  const { id: flowId } = await app.db.owner
    .insertInto("flows")
    .values({
      name: "Tried",
      workspace_id: workspaceId,
      ...asJson(chain(node("start"), sms("Hello {{ firstname }}", { kind: "transactional" }))),
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  const ok = ({ status, text }: { status: number; text: string }) => expect(status, text).toBeLessThan(300);
  const filter = { search: "canarius@example.test", tests: [] };

  providers.sms.answer({ outcome: "accepted", providerMessageId: "by hand" });
  await engine.takeInbound({
    ...{ workspaceId, channel: "sms", provider: "fake" },
    events: [{ kind: "received", providerMessageId: "asked", from: "+14159871234", to: "+15550001111", text: "Canarius asks", files: 0 }],
  });
  await engine.inboundIdle();
  const messageId = randomUUID();
  ok(await theirEditor.post(`/api/conversations/${contact.id}/messages`, { id: messageId, channel: "sms", text: "Dear Canarius" }));
  const report = { kind: "delivery", messageId, providerMessageId: "by hand", recipients: ["+14159871234"] } as const;
  await engine.takeInbound({
    ...{ workspaceId, channel: "sms", provider: "fake" },
    events: [{ ...report, status: "undelivered", message: "+14159871234 of Canarius is switched off" }],
  });
  await engine.inboundIdle();
  ok(await theirEditor.post("/api/forecasts", { flowId, selection: { type: "filter", filter, excluded: [] } }));
  ok(
    await theirEditor.post(`/api/flows/${flowId}/tests`, {
      ...{ name: "As it was", copyContact: true, script: { contact: { id: contact.id }, startAt: "2027-03-01T09:00:00Z" } },
      expect: [{ kind: "message", nodeId: "sms", contains: "Hello" }],
    }),
  );
  ok(await theirEditor.post(`/api/flows/${flowId}/tests/run`, { of: "live" }));
  const columns = [
    { header: "Email", target: "email" },
    { header: "First", target: "firstname" },
    { header: "Zone", target: "time_zone" },
    { header: "Note", target: "metadata" },
  ];
  ok(
    await theirEditor.request("POST", "/api/contacts/import", {
      body: { importId: randomUUID(), columns },
      file: "Email,First,Zone,Note\ncanarius@example.test,Canarius II,of Canarius,canarius\n",
    }),
  );
  ok(await theirOwner.post(`/api/contacts/${contact.id}/export`, undefined, { headers: { "idempotency-key": "third" } }));
  const { rows: ids } = await sql<{ id: string }>`select id from contacts where workspace_id = ${workspaceId}`.execute(app.db.owner);
  const foretold = () => app.db.owner.selectFrom("forecast_contacts").select("forecast_id").where("contact_id", "=", contact.id).execute();
  expect(await foretold()).toHaveLength(1);
  for (const { id } of ids) ok(await theirEditor.delete(`/api/contacts/${id}`));
  ok(await theirOwner.post("/api/bin/erase", { ids: ids.map(({ id }) => id) }));
  await runAll();
  expect(await tablesWithTraces()).toEqual([]);
  expect(await foretold()).toEqual([]);
});

test("nor in saved launches, which mean whom they meant before; an address that somebody else has stays in them", async () => {
  const tenant = await app.createTenant("Fourth");
  const [theirEditor, theirOwner] = [await tenant.as("editor"), await tenant.as("owner")];
  const flowId = await buildFlow(app.db.owner, tenant.workspaceId, chain(node("start"), sms("Hello")));
  const { body: contact } = await theirEditor.post("/api/contacts", person);
  const shared = { email: "shared@example.test", evenIfTwin: true };
  const { body: sharing } = await theirEditor.post("/api/contacts", { firstname: "Leaves", ...shared });
  const { body: staying } = await theirEditor.post("/api/contacts", { firstname: "Stays", ...shared });
  const terms = {
    filter: {
      search: "CANARIUS@example.test",
      tests: [
        { field: "email", operator: "is_not", value: "Canarius@Example.test" },
        { field: "email", operator: "is", value: "shared@example.test" },
        { field: "phone", operator: "is", value: "(415) 987-1234" },
        { field: "phone", operator: "is", value: "+1 415 987 1234" },
        { field: "phone", operator: "is", value: "4159871235" },
      ],
    },
    condition: { tests: [{ field: "email", operator: "in", value: ["a@example.test", "canarius@example.test"] }] },
  };
  const saved = await theirEditor.post("/api/saved-launches", { name: "Offer", flowId, terms });
  expect(saved.status, saved.text).toBe(201);
  const ids = [contact.id, sharing.id];
  for (const id of ids) await theirEditor.delete(`/api/contacts/${id}`);
  expect((await theirOwner.post("/api/bin/erase", { ids })).body).toEqual({ erased: 2 });
  await runAll();
  expect(await tablesWithTraces()).toEqual([]);
  const [launch] = (await theirEditor.get("/api/saved-launches")).body.items;
  expect(launch.terms.filter).toEqual({
    search: "(erased)",
    tests: [
      { field: "email", operator: "is_not", value: "(erased)" },
      { field: "email", operator: "is", value: "shared@example.test" },
      { field: "phone", operator: "is", value: "(erased)" },
      { field: "phone", operator: "is", value: "(erased)" },
      { field: "phone", operator: "is", value: "4159871235" },
    ],
  });
  expect(launch.terms.condition.tests[0].value).toEqual(["a@example.test", "(erased)"]);
  await theirEditor.delete(`/api/contacts/${staying.id}`);
});

const asJson = ({ nodes, edges }: FlowGraph) => ({ nodes: JSON.stringify(nodes), edges: JSON.stringify(edges) });

test("an address that refused messages still refuses them when its person is added again", async () => {
  const { body } = await editor.post("/api/contacts", { firstname: "Back", email: person.email, phoneNumber: person.phoneNumber });
  expect(body).toMatchObject({ emailOptedOutAt: expect.any(String), optOutSource: "manual", smsOptedOutAt: null });
  const suppressed = await app.db.owner.selectFrom("suppressions").select(["channel", "address"]).execute();
  expect(suppressed).toEqual([{ channel: "sms", address: "+14159871234" }]);
});

test("a request that made the person and is repeated is not answered with them", async () => {
  const again = await editor.with({ "idempotency-key": "canary" }).post("/api/contacts", person);
  expect({ status: again.status, code: again.body.code }).toEqual({ status: 404, code: "contact_not_found" });
});

test("the audit log says who deleted whom, for one and for many, once", async () => {
  const ids: string[] = [];
  for (const name of ["A", "B", "C"]) ids.push((await editor.post("/api/contacts", { firstname: name })).body.id);
  const [one, ...two] = ids as [string, ...string[]];
  const key = await app.ours.key(["contacts:write"]);
  await key.delete(`/api/contacts/${one}`);
  await editor.post("/api/contacts/bulk", { selection: { type: "ids", ids: two }, action: { type: "delete" } });
  const entries = await app.db.owner
    .selectFrom("audit_log")
    .select(["action", "actor_name", "subject_id", "details"])
    .where("action", "like", "contact%.%")
    .where((eb) => eb.or([eb("subject_id", "=", one), eb("action", "in", ["contacts.delete", "contacts.bulk"])]))
    .where("action", "<>", "contact.create")
    .orderBy("id")
    .execute();
  expect(entries).toEqual([
    { action: "contact.delete", actor_name: "API key Key contacts:write", subject_id: one, details: {} },
    { action: "contacts.delete", actor_name: "editor member", subject_id: null, details: { matched: 2, changed: 2, ids: two.sort() } },
  ]);
});

test("the audit log says who restored and who erased, and of the sweep that nobody did", async () => {
  const ids: string[] = [];
  for (const name of ["D", "E", "F"]) ids.push((await editor.post("/api/contacts", { firstname: name })).body.id);
  const [restored, erased, swept] = ids as [string, string, string];
  await editor.post("/api/contacts/bulk", { selection: { type: "ids", ids }, action: { type: "delete" } });
  await editor.post("/api/bin/restore", { ids: [restored] });
  await owner.post("/api/bin/erase", { ids: [erased, restored] });
  await app.db.owner
    .updateTable("contacts")
    .set({ deleted_at: new Date(0) })
    .where("id", "=", swept)
    .execute();
  await app.resources.engine.eraseDueContacts();
  const entries = await app.db.owner
    .selectFrom("audit_log")
    .select(["action", "actor_name", "details"])
    .where("action", "in", ["bin.restore", "bin.erase"])
    .orderBy("id", "desc")
    .limit(3)
    .execute();
  expect(entries).toEqual([
    { action: "bin.erase", actor_name: null, details: { erased: 1, ids: [swept] } },
    { action: "bin.erase", actor_name: "First Owner", details: { erased: 1, ids: [erased] } },
    { action: "bin.restore", actor_name: "editor member", details: { restored: 1, ids: [restored] } },
  ]);
});
