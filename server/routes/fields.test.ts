import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contactNames } from "#contract/contact-fields.ts";
import type { CatalogueField, FieldCatalogue } from "#contract/fields.ts";
import { parseTemplate } from "#contract/template.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact, buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let viewer: Client;

beforeAll(async () => {
  app = await startTestApp();
  viewer = await app.ours.as("viewer");
});
afterAll(() => app.stop());

const catalogue = async (client = viewer, query = ""): Promise<FieldCatalogue> => (await client.get(`/api/fields${query}`)).body;
const byPath = async (client = viewer, query = "") =>
  new Map((await catalogue(client, query)).items.map((field) => [field.path, field] as const));

describe("is refused", () => {
  test("without the right to read contacts, and for a flow of another workspace or one that is not there", async () => {
    expect((await (await app.ours.key(["flows:read"])).get("/api/fields")).status).toBe(403);
    const foreign = await buildFlow(app.db.owner, await buildWorkspace(app.db.owner), chain(node("start"), sms(), node("end")));
    expect((await viewer.get(`/api/fields?flowId=${foreign}`)).body).toMatchObject({ code: "flow_not_found" });
    expect((await viewer.get(`/api/fields?flowId=${randomUUID()}`)).status).toBe(404);
  });

  test("for a key that may not read enrollments, where it asks what a flow was started with", async () => {
    const flow = await buildFlow(app.db.owner, app.ours.workspaceId, chain(node("start"), sms(), node("end")));
    const key = await app.ours.key(["contacts:read"]);
    expect((await key.get("/api/fields")).status).toBe(200);
    expect((await key.get(`/api/fields?flowId=${flow}`)).status).toBe(403);
  });
});

describe("the fields of contacts", () => {
  test("are all those that a text may name, each with how many contacts have it", async () => {
    const tenant = await app.createTenant("Counted");
    const client = await tenant.as("viewer");
    await buildContact(app.db.owner, tenant.workspaceId, { firstname: "Ann", lastname: "", name: null, lead_status: "Hot" });
    await buildContact(app.db.owner, tenant.workspaceId, { firstname: " \u00a0", lastname: "", name: null, email: null, phone_e164: null });
    const fields = await byPath(client);
    const filled = (path: string) => [fields.get(path)?.filled, fields.get(path)?.looked];
    expect(filled("firstname")).toEqual([1, 2]);
    expect(filled("lastname")).toEqual([0, 2]);
    expect(filled("name")).toEqual([1, 2]);
    expect(filled("email")).toEqual([1, 2]);
    expect(filled("phone")).toEqual([1, 2]);
    expect(filled("dnc")).toEqual([2, 2]);
    expect(fields.get("lead_status")).toMatchObject({ kind: "choice", choices: expect.arrayContaining(["Hot"]), filled: 1 });
    const own = [...fields.values()].filter(({ group }) => group === "contact");
    expect(own.filter(({ path }) => !contactNames.includes(path))).toEqual([]);
    for (const { path } of fields.values()) expect(parseTemplate(`{{ ${path} }}`).problem, path).toBeUndefined();
  });

  test("tell the tags in use, the most frequent first, where tags are a list", async () => {
    const tenant = await app.createTenant("Tagged");
    for (const tags of [["vip", "north"], ["vip"], "one text", [7, "", { a: 1 }], { vip: true }]) {
      await buildContact(app.db.owner, tenant.workspaceId, { metadata: { tags } });
    }
    const found = (await byPath(await tenant.as("viewer"))).get("custom.tags");
    expect(found?.choices?.slice(0, 2)).toEqual(["vip", expect.anything()]);
    expect(found?.choices).toEqual(expect.arrayContaining(["north"]));
    expect(found?.choices).not.toContain("");
  });

  test("do not count contacts of another workspace or in the bin", async () => {
    const tenant = await app.createTenant("Apart");
    const client = await tenant.as("viewer");
    const id = await buildContact(app.db.owner, tenant.workspaceId, { metadata: { secret: "x" } });
    await app.db.owner.updateTable("contacts").set({ deleted_at: new Date() }).where("id", "=", id).execute();
    await buildContact(app.db.owner, app.theirs.workspaceId, { metadata: { theirs: "x" } });
    const { items, contacts } = await catalogue(client);
    expect(contacts).toEqual({ looked: 0, isSample: false });
    expect(items.filter(({ group }) => group === "custom")).toEqual([]);
  });

  test("are counted of the newest contacts only, where there are very many, and the answer says so", async () => {
    const tenant = await app.createTenant("Many");
    const client = await tenant.as("viewer");
    await buildContacts(app.db.owner, tenant.workspaceId, 10_001);
    expect((await catalogue(client)).contacts).toEqual({ looked: 10_000, isSample: true });
  });

  test("are counted of fewer contacts where those hold very much", async () => {
    const tenant = await app.createTenant("Heavy");
    const client = await tenant.as("viewer");
    const noise = () => Array.from({ length: 1000 }, () => randomUUID()).join("");
    for (let i = 0; i < 300; i += 1) await buildContact(app.db.owner, tenant.workspaceId, { metadata: { noise: noise() } });
    const { contacts } = await catalogue(client);
    expect(contacts.isSample).toBe(true);
    expect(contacts.looked).toBeGreaterThan(100);
    expect(contacts.looked).toBeLessThan(300);
  });
});

describe("custom fields", () => {
  let custom: Map<string, CatalogueField>;
  beforeAll(async () => {
    const tenant = await app.createTenant("Custom");
    const give = (metadata: Record<string, unknown>) => buildContact(app.db.owner, tenant.workspaceId, { metadata });
    await give({
      "Company Name": "Ada & Co",
      plan: "gold",
      Plan: "Gold",
      seats: 3,
      renewal: "2026-03-04",
      会社名: "東京",
      vip: true,
      order: { id: 1 },
    });
    await give({ "Company Name": " ", seats: "4.5", renewal: "2026-03-04T10:00:00Z", __proto: "x", order: { id: 2 }, mixed: 1 });
    await give({ mixed: "one", constructor: "x", ["x".repeat(201)]: "too long to be named", "a}} {{b": "braces" });
    custom = new Map([...(await byPath(await tenant.as("viewer")))].filter(([, { group }]) => group === "custom"));
  });

  test("go by their key where that is theirs alone, and else by their whole name", () => {
    expect([...custom.keys()].toSorted()).toEqual(
      [
        "custom.company_name",
        "custom.plan",
        "custom.Plan",
        "custom.seats",
        "custom.renewal",
        "custom.会社名",
        "custom.vip",
        "custom.order",
        "custom.proto",
        "custom.mixed",
        "custom.a_b",
      ].toSorted(),
    );
  });

  test("have the kind that all their values are, and blank values count as missing", () => {
    const kinds = Object.fromEntries(
      [...custom].map(([path, { kind, filled, looked }]) => [path.replace("custom.", ""), [kind, filled, looked]]),
    );
    expect(kinds).toMatchObject({
      company_name: ["text", 1, 3],
      seats: ["number", 2, 3],
      renewal: ["date", 2, 3],
      vip: ["boolean", 1, 3],
      order: ["data", 0, 3],
      mixed: ["text", 2, 3],
    });
  });
});

test("what a flow was started with is named, down to the values inside of it", async () => {
  const client = await app.ours.as("owner");
  const contact = await buildContact(app.db.owner, app.ours.workspaceId);
  const flow = await buildFlow(app.db.owner, app.ours.workspaceId, chain(node("start"), sms(), node("end")));
  const started = await client.post("/api/unified-workflow/execute-workflow", {
    workflowId: flow,
    workspaceId: app.ours.workspaceId,
    contactId: contact,
    triggerData: { order: { id: "A-17", total: 12 }, note: "" },
  });
  expect(started.status, JSON.stringify(started.body)).toBeLessThan(300);
  const fields = await byPath(client, `?flowId=${flow}`);
  expect(fields.get("trigger.order.id")).toMatchObject({ kind: "text", filled: 1, looked: 1 });
  expect(fields.get("trigger.order.total")).toMatchObject({ kind: "number", filled: 1 });
  expect(fields.get("trigger.note")).toMatchObject({ filled: 0, looked: 1 });
  expect(fields.has("trigger.order")).toBe(false);
  expect([...(await byPath(client)).keys()].filter((path) => path.startsWith("trigger"))).toEqual([]);
});
