import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildFlow } from "#test/factories.ts";
import { chain, email, node, sms } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";
import { importColumnsOf } from "#test/import-columns.ts";

let app: TestApp;
let editor: Client;

beforeAll(async () => {
  app = await startTestApp();
  editor = await app.ours.as("editor");
});
afterAll(() => app.stop());

const addContact = async (more: Record<string, unknown> = {}): Promise<string> =>
  (await editor.post("/api/contacts", { firstname: "Ada", email: `${randomUUID()}@example.test`, phoneNumber: "+14155550123", ...more }))
    .body.id;
const messagesOf = (contactId: string) =>
  app.db.owner.selectFrom("messages").selectAll().where("contact_id", "=", contactId).orderBy("created_at").execute();
const wrong = chain(node("start"), sms("Hi {{ contact.FirstName }}"), email("{{ leadStatus }}", { text: "{{ firstname | shout }}" }));
const expected = [
  { path: "nodes.email", code: "bad_merge_field", field: "text", message: expect.stringContaining("shout") },
  {
    path: "nodes.sms",
    code: "unknown_field",
    field: "text",
    suggestion: "contact.first_name",
    message: expect.stringContaining("Did you mean {{ contact.first_name }}?"),
  },
  { path: "nodes.email", code: "unknown_field", field: "subject", suggestion: "lead_status" },
];

describe("a name that can never be filled in is refused, with every problem at once", () => {
  test("where a flow is created or changed, and nothing is saved", async () => {
    const before = await app.db.owner.selectFrom("flows").selectAll().execute();
    const created = await editor.post("/api/flows", { name: "Wrong", ...wrong });
    expect([created.status, created.body.code]).toEqual([422, "flow_invalid"]);
    expect(created.body.problems).toMatchObject(expected);
    expect(await app.db.owner.selectFrom("flows").selectAll().execute()).toEqual(before);

    const right = await editor.post("/api/flows", { name: "Right", ...chain(node("start"), sms("Hi {{ contact.first_name }}")) });
    expect(right.status).toBe(201);
    const changed = await editor.put(`/api/flows/${right.body.id}`, { name: "Right", ...wrong });
    expect([changed.status, changed.body.problems.length]).toEqual([422, 3]);
    expect((await editor.get(`/api/flows/${right.body.id}`)).body).toEqual(right.body);
  });

  test("where a graph comes with the request, and where a flow that was stored earlier is sent anew", async () => {
    const contactId = await addContact();
    const flowId = await buildFlow(app.db.owner, app.ours.workspaceId, wrong);
    const inline = await editor.post("/api/unified-workflow/execute-workflow", {
      workflowId: flowId,
      contactId,
      workflowDefinition: wrong,
    });
    expect([inline.status, inline.body.code]).toEqual([422, "flow_invalid"]);
    expect(inline.body.problems).toMatchObject(expected);
    const sent = await editor.post("/api/sends", { flowId, selection: { type: "ids", ids: [contactId] } });
    expect([sent.status, sent.body.code]).toEqual([422, "flow_invalid"]);
    expect(sent.body.problems).toMatchObject(expected);
    const { body: list } = await editor.get("/api/flows");
    expect(list.items.find(({ id }: { id: string }) => id === flowId)).toMatchObject({ canStart: false, problemCount: 3 });
    expect(await messagesOf(contactId)).toEqual([]);
  });

  test("a secret that the workspace does not have, in a saved flow and in a graph of a request", async () => {
    const admin = await app.ours.as("admin");
    expect((await admin.put("/api/secrets/billing_key", { value: "s3cret", hosts: ["example.com"] })).status).toBe(200);
    const hook = (name: string) =>
      chain(
        node("start"),
        node("webhook", { url: "https://example.com/", headers: [{ name: "X-Key", value: `k {{ secrets.${name} }}` }] }),
      );
    expect((await editor.post("/api/flows", { name: "Known", ...hook("billing_key") })).status).toBe(201);
    const near = await editor.post("/api/flows", { name: "Near", ...hook("BillingKey") });
    expect(near.body.problems).toMatchObject([
      { path: "nodes.webhook", code: "secret_missing", field: "headers.0.value", suggestion: "secrets.billing_key" },
    ]);
    const flowId = await buildFlow(app.db.owner, app.ours.workspaceId, hook("billing_key"));
    const inline = await editor.post("/api/unified-workflow/execute-workflow", {
      workflowId: flowId,
      contactId: await addContact(),
      workflowDefinition: hook("unheard_of"),
    });
    expect([inline.status, inline.body.problems]).toMatchObject([
      422,
      [{ code: "secret_missing", message: expect.stringContaining("Store it first") }],
    ]);
  });
});

describe("a column of a file can be named in a message, whatever it is called, and is exported under its own name", () => {
  const long = "L".repeat(200);
  const labels: [label: string, ...names: string[]][] = [
    ["Company Name", 'contact.custom["Company Name"]', "company_name", "custom.company_name", "contact.custom.company_name"],
    ["Größe (cm)", "custom['Größe (cm)']", "grosse_cm"],
    ['Screen 27" size', "custom['Screen 27\" size']", 'custom["Screen 27"" size"]', "screen_27_size"],
    ["a.b", 'custom["a.b"]', "a_b"],
    [long, `custom["${long}"]`, `custom.${"l".repeat(40)}`],
    ["会社名", 'custom["会社名"]', "会社名"],
    ["2nd phone", 'custom["2nd phone"]', "field_2nd_phone"],
    ["Twin One", 'custom["Twin One"]'],
    ["twin-one", 'custom["twin-one"]'],
  ];
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const headers = ["Full name", "Email", ...labels.map(([label]) => label), "__proto__"];
  const values = ["Eve Moreau", "eve@example.test", ...labels.map((_, index) => `value ${index}`), "polluted"];

  test("from the import over the message to the export", async () => {
    const file = Buffer.from(`${headers.map(cell).join(",")}\n${values.map(cell).join(",")}\n`);
    const imported = await editor.request("POST", "/api/contacts/import", {
      body: { importId: randomUUID(), columns: importColumnsOf(new Uint8Array(file)) },
      file,
    });
    expect(imported.body).toMatchObject({ created: 1, refused: 0 });
    const { id } = await app.db.owner
      .selectFrom("contacts")
      .select("id")
      .where("workspace_id", "=", app.ours.workspaceId)
      .where("email", "=", "eve@example.test")
      .executeTakeFirstOrThrow();

    const asked = labels.flatMap(([, ...names], index) => names.map((name) => ({ name, value: `value ${index}` })));
    const text = asked.map(({ name }, index) => `${index}: {{ ${name} }}`).join("\n");
    const flow = await editor.post("/api/flows", {
      name: "Every label",
      ...chain(node("start"), email("Labels", { text, kind: "transactional" })),
    });
    expect([flow.status, flow.body.problems]).toEqual([201, []]);
    await editor.post("/api/sends", { flowId: flow.body.id, selection: { type: "ids", ids: [id] }, undoSeconds: 0 });
    await app.driver.runUntilIdle();
    expect((await messagesOf(id)).map(({ body }) => body)).toEqual([asked.map(({ value }, index) => `${index}: ${value}`).join("\n")]);

    const twin = await editor.post("/api/flows", { name: "Twin", ...chain(node("start"), email("Twin", { text: "{{ twin_one }}" })) });
    await editor.post("/api/sends", { flowId: twin.body.id, selection: { type: "ids", ids: [id] }, undoSeconds: 0 });
    await app.driver.runUntilIdle();
    expect(await messagesOf(id), "of two fields with one key neither is guessed").toHaveLength(1);

    const exported = await editor.get("/api/contacts/export");
    const lines = exported.text.split("\r\n");
    for (const [label] of labels) expect(lines[0], label).toContain(label.includes('"') ? cell(label) : label);
    expect(lines.find((line) => line.includes("eve@example.test"))).toContain(labels.map((_, index) => `value ${index}`)[0]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("and a step that changes it by its key writes the same field", async () => {
    const contactId = await addContact({ metadata: { "Company Name": "Old" } });
    const changes = [{ field: "custom.company_name", operation: "set", value: "New" }];
    const branches = [{ id: "new", tests: [{ field: 'contact.custom["Company Name"]', operator: "is", value: "new" }] }];
    const graph: FlowGraph = {
      nodes: [node("start"), node("update_contact", { changes }), node("condition", { branches }), email("At {{ company_name }}")],
      edges: [
        { id: "1", source: "start", target: "update_contact" },
        { id: "2", source: "update_contact", target: "condition" },
        { id: "3", source: "condition", target: "email", sourceHandle: "new" },
      ],
    };
    const flow = await editor.post("/api/flows", { name: "By key", ...graph });
    expect(flow.body.problems).toEqual([]);
    await editor.post("/api/sends", { flowId: flow.body.id, selection: { type: "ids", ids: [contactId] }, undoSeconds: 0 });
    await app.driver.runUntilIdle();
    expect(await messagesOf(contactId)).toMatchObject([{ subject: "At New" }]);
    expect((await editor.get(`/api/contacts/${contactId}`)).body.metadata).toEqual({ "Company Name": "New" });
  });
});

test("an address in a link arrives whole, in the SMS, the text and the markup of an e-mail", async () => {
  const contactId = await addContact({ email: "ada+news@example.test" });
  const link = "https://x.example/?email={{ email }}&n=1";
  const flow = await editor.post("/api/flows", {
    name: "Links",
    ...chain(
      node("start"),
      sms(`Go ${link}`),
      email("Go", { kind: "transactional", text: `Go ${link}`, html: `<a href="${link.replace("&", "&amp;")}">Go</a>` }),
    ),
  });
  await editor.post("/api/sends", { flowId: flow.body.id, selection: { type: "ids", ids: [contactId] }, undoSeconds: 0 });
  await app.driver.runUntilIdle();
  const whole = "https://x.example/?email=ada%2Bnews%40example.test";
  expect(await messagesOf(contactId)).toMatchObject([
    { body: `Go ${whole}&n=1` },
    { body: `Go ${whole}&n=1`, html: `<a href="${whole}&amp;n=1">Go</a>` },
  ]);
});
