import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { forecastAtOnce, type KeptForecast } from "#contract/forecasts.ts";
import { startTestApp, type Tenant, type TestApp } from "#test/app.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let editor: Client;
let flowId: string;
let ada: string;
let silent: string;

beforeAll(async () => {
  app = await startTestApp();
  editor = await app.ours.as("editor");
  const flow = chain(node("start"), sms("Hi {{ firstname }}"), wait(86_400), sms("Still there, {{ firstname }}?", {}, "later"));
  flowId = await buildFlow(app.db.owner, app.ours.workspaceId, flow);
  ada = await buildContact(app.db.owner, app.ours.workspaceId, { firstname: "Ada", lastname: "Lovelace" });
  silent = await buildContact(app.db.owner, app.ours.workspaceId, { firstname: "Sil", lastname: "Ent", phone_e164: null });
});
afterAll(() => app.stop());

const ids = (...all: string[]) => ({ type: "ids", ids: all });

describe("a forecast", () => {
  test("is told to nobody who may not send, and to no key that may not read contacts and flows", async () => {
    const question = { flowId, selection: ids(ada) };
    expect((await (await app.ours.as("viewer")).post("/api/forecasts", question)).status).toBe(403);
    expect((await (await app.ours.key(["contacts:read", "flows:send"])).post("/api/forecasts", question)).status).toBe(403);
    expect((await (await app.ours.key(["flows:read", "flows:send"])).post("/api/forecasts", question)).status).toBe(403);
    expect((await (await app.ours.key(["flows:read", "contacts:read", "flows:send"])).post("/api/forecasts", question)).status).toBe(200);
  });

  test("names every field that is wrong", async () => {
    const { status, body } = await editor.post("/api/forecasts", { flowId: "x", selection: ids(), start: { at: "soon" }, isTest: true });
    expect([status, body.code]).toEqual([400, "invalid_request"]);
    expect(body.problems.length).toBeGreaterThan(2);
  });

  test("says how many messages leave, when, and who gets none", async () => {
    const { status, body } = await editor.post("/api/forecasts", { flowId, selection: ids(ada, silent) });
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: "done", total: 2, looked: 2, flowChanged: false, flowId });
    expect(body.forecast).toMatchObject({
      total: 2,
      willStart: 2,
      nothing: 1,
      channels: [{ channel: "sms", messages: 2, contacts: 1, kept: true }],
    });
    expect(Date.parse(body.forecast.lastAt) - Date.parse(body.forecast.firstAt)).toBe(86_400_000);
    expect((await editor.get(`/api/forecasts/${body.id}`)).body).toEqual(body);
    const who = await editor.get(`/api/forecasts/${body.id}/contacts?who=at_node&reason=no_phone&nodeId=later`);
    expect(who.body).toEqual({ items: [{ contactId: silent, name: "Sil Ent" }], nextCursor: null });
    expect(body.forecast.nothingBy).toEqual([{ reason: "no_phone", contacts: 1 }]);
    expect((await editor.get(`/api/forecasts/${body.id}/contacts?who=nothing&reason=no_phone`)).body).toEqual(who.body);
    for (const none of ["who=nothing", "who=not_starting&reason=no_phone", "who=at_node&reason=dnc&nodeId=sms"])
      expect((await editor.get(`/api/forecasts/${body.id}/contacts?${none}`)).body.items, none).toEqual([]);
    for (const wrong of ["", "who=not_starting", "who=at_node&reason=dnc", "who=nothing&reason=dnc&nodeId=sms"])
      expect((await editor.get(`/api/forecasts/${body.id}/contacts?${wrong}`)).status, wrong).toBe(400);
  });

  test("of a flow that was edited meanwhile is that of the flow as it is now", async () => {
    const edited = await buildFlow(app.db.owner, app.ours.workspaceId, chain(node("start"), sms("One")));
    const ask = () => editor.post("/api/forecasts", { flowId: edited, selection: ids(ada) });
    const first = (await ask()).body;
    expect(first.forecast.channels).toMatchObject([{ messages: 1 }]);
    const graph = chain(node("start"), sms("One"), sms("Two", {}, "two"));
    await app.db.owner
      .updateTable("flows")
      .set({ nodes: JSON.stringify(graph.nodes), edges: JSON.stringify(graph.edges) })
      .where("id", "=", edited)
      .execute();
    expect((await editor.get(`/api/forecasts/${first.id}`)).body).toEqual({ ...first, flowChanged: true });
    const second = (await ask()).body;
    expect([second.flowChanged, second.forecast.channels[0].messages]).toEqual([false, 2]);
  });

  test("of one contact shows each step with its time and its message, and a contact that is gone is not there", async () => {
    const { body } = await editor.post("/api/forecasts/contact", { flowId, contactId: ada });
    expect(body).toMatchObject({ contactId: ada, name: "Ada Lovelace", notStarted: null, end: { status: "completed", reason: null } });
    expect(
      body.steps.map((step: { nodeId: string; message: { text: string } | null }) => [step.nodeId, step.message?.text ?? null]),
    ).toEqual([
      ["start", null],
      ["sms", "Hi Ada"],
      ["delay", null],
      ["later", "Still there, Ada?"],
    ]);
    const stranger = await buildContact(app.db.owner, app.theirs.workspaceId);
    expect((await editor.post("/api/forecasts/contact", { flowId, contactId: stranger })).body).toMatchObject({
      code: "contact_not_found",
    });
  });

  test("draws by chance the same for the same send, which engine/forecast/outcome.test.ts holds against what is sent", async () => {
    const shares = [
      { id: "a", percent: 50 },
      { id: "b", percent: 50 },
    ];
    const split = node("split", { shares, draw: "fresh" });
    const graph = {
      nodes: [node("start"), split, sms("A", {}, "a"), sms("B", {}, "b")],
      edges: [
        { id: "1", source: "start", target: "split" },
        { id: "2", source: "split", sourceHandle: "a", target: "a" },
        { id: "3", source: "split", sourceHandle: "b", target: "b" },
      ],
    };
    const drawn = await buildFlow(app.db.owner, app.ours.workspaceId, graph);
    const textFor = async (sendId: string) =>
      (await editor.post("/api/forecasts/contact", { flowId: drawn, contactId: ada, sendId })).body.steps.at(-1).message.text;
    const sendIds = Array.from({ length: 8 }, () => crypto.randomUUID());
    const texts = await Promise.all(sendIds.map(textFor));
    expect(await Promise.all(sendIds.map(textFor))).toEqual(texts);
    for (const text of texts) expect(["A", "B"]).toContain(text);
  });

  test("names the contacts page by page, in their order, and a cursor of another list is refused", async () => {
    const many = (await buildContacts(app.db.owner, app.ours.workspaceId, 5)).sort();
    await app.db.owner.updateTable("contacts").set({ phone_number: null, phone_e164: null }).where("id", "in", many).execute();
    const { body } = await editor.post("/api/forecasts", { flowId, selection: ids(...many) });
    const page = (cursor = "") => editor.get(`/api/forecasts/${body.id}/contacts?who=at_node&reason=no_phone&nodeId=sms&limit=3${cursor}`);
    const first = (await page()).body;
    const second = (await page(`&cursor=${first.nextCursor}`)).body;
    expect([...first.items, ...second.items].map(({ contactId }: { contactId: string }) => contactId)).toEqual(many);
    expect(second.nextCursor).toBeNull();
    expect((await page("&cursor=WyJza2lwcyIsMV0")).status).toBe(400);
  });

  test("of another workspace is not there", async () => {
    const { body } = await editor.post("/api/forecasts", { flowId, selection: ids(ada) });
    const stranger = await app.theirs.as("editor");
    for (const path of ["", "/contacts?who=not_starting&reason=dnc", "/events"])
      expect((await stranger.get(`/api/forecasts/${body.id}${path}`)).body).toMatchObject({ code: "forecast_not_found" });
    expect((await stranger.post(`/api/forecasts/${body.id}/cancel`, undefined)).status).toBe(404);
    expect((await (await app.ours.as("viewer")).get(`/api/forecasts/${body.id}`)).status).toBe(403);
  });

  test("is kept by the send of the same flow, contacts and settings, and by no other", async () => {
    const ask = async (more = {}) => (await editor.post("/api/forecasts", { flowId, selection: ids(ada, silent), ...more })).body.id;
    const send = async (forecastId: string, more = {}) =>
      (await editor.post("/api/sends", { flowId, selection: ids(silent, ada), forecastId, ...more })).body.send;
    const forecastId = await ask();
    const made = await send(forecastId);
    expect(made.forecastId).toBe(forecastId);
    expect((await editor.get(`/api/sends/${made.id}`)).body.forecastId).toBe(forecastId);
    expect((await send(forecastId, { selection: ids(ada) })).forecastId).toBeNull();
    expect((await send(await ask({ oncePerAddress: false }))).forecastId).toBeNull();
    expect((await send(crypto.randomUUID())).forecastId).toBeNull();
    const theirs = await app.theirs.as("editor");
    const theirFlow = await buildFlow(app.db.owner, app.theirs.workspaceId, chain(node("start"), sms("Hi")));
    const theirContact = await buildContact(app.db.owner, app.theirs.workspaceId);
    const question = { flowId: theirFlow, selection: ids(theirContact) };
    const foreign = (await theirs.post("/api/forecasts", question)).body.id;
    expect((await send(foreign)).forecastId).toBeNull();
    expect((await theirs.post("/api/sends", { ...question, forecastId: foreign })).body.send.forecastId).toBe(foreign);
  });
});

describe("a forecast of more contacts than are looked at before the answer", () => {
  let crowded: Tenant;
  let asker: Client;
  let ofCrowd: string;
  beforeEach(async () => {
    crowded = await app.createTenant("Crowded");
    asker = await crowded.as("editor");
    ofCrowd = await buildFlow(app.db.owner, crowded.workspaceId, chain(node("start"), sms("Hi")));
    await app.db.owner.transaction().execute(async (tx) => {
      // The triggers of so many contacts would take most of the test's time.
      await sql`set local session_replication_role = replica`.execute(tx);
      await sql`insert into contacts (workspace_id, firstname, lastname, phone_number, phone_e164)
        select ${crowded.workspaceId}, 'Person', n::text, '+1556' || (1000000 + n), '+1556' || (1000000 + n)
        from generate_series(1, ${forecastAtOnce + 1}::int) n`.execute(tx);
    });
  });
  const everybody = { type: "filter", filter: { tests: [] } };
  const ask = () => asker.post("/api/forecasts", { flowId: ofCrowd, selection: everybody });
  /** All that a stream tells, once it has ended. */
  async function told(stream: Response): Promise<KeptForecast[]> {
    expect([stream.status, stream.headers.get("content-type")]).toEqual([200, expect.stringContaining("text/event-stream")]);
    const lines = (await stream.text()).split("\n").filter((line) => line.startsWith("data: "));
    return lines.map((line) => JSON.parse(line.slice(6)));
  }

  test("is not cancelled by whoever may not send or belongs elsewhere", async () => {
    const { body } = await ask();
    const cancel = (client: Client) => client.post(`/api/forecasts/${body.id}/cancel`, undefined);
    expect((await cancel(await crowded.as("viewer"))).status).toBe(403);
    expect((await cancel(await app.theirs.as("owner"))).body).toMatchObject({ code: "forecast_not_found" });
    expect((await app.nobody.get(`/api/forecasts/${body.id}/events`)).status).toBe(401);
    expect((await asker.get(`/api/forecasts/${body.id}`)).body).toMatchObject({ state: "waiting" });
  });

  test("is accepted before anybody was looked at, and streamed until it is over", async () => {
    const { status, body } = await ask();
    expect([status, body]).toEqual([
      202,
      expect.objectContaining({ state: "waiting", total: forecastAtOnce + 1, looked: 0, forecast: null }),
    ]);
    const events = told(await asker.fetch(`/api/forecasts/${body.id}/events`));
    await app.driver.runUntilIdle();
    const all = await events;
    expect(all[0]).toMatchObject({ id: body.id, state: "waiting", looked: 0 });
    expect(all.at(-1)).toMatchObject({
      id: body.id,
      state: "done",
      looked: forecastAtOnce + 1,
      forecast: { total: forecastAtOnce + 1, willStart: forecastAtOnce + 1, channels: [{ messages: forecastAtOnce + 1 }] },
    });
    expect((await asker.get(`/api/forecasts/${body.id}`)).body).toEqual(all.at(-1));
    expect(await told(await asker.fetch(`/api/forecasts/${body.id}/events`))).toEqual([all.at(-1)]);
  });

  test("that is cancelled says so to whoever listens, is not walked, and cannot be cancelled into another state", async () => {
    const { body } = await ask();
    const events = told(await asker.fetch(`/api/forecasts/${body.id}/events`));
    const cancelled = await asker.post(`/api/forecasts/${body.id}/cancel`, undefined);
    expect([cancelled.status, cancelled.body]).toEqual([200, expect.objectContaining({ id: body.id, state: "cancelled", looked: 0 })]);
    expect((await events).at(-1)).toMatchObject({ state: "cancelled" });
    await app.driver.runUntilIdle();
    expect((await asker.post(`/api/forecasts/${body.id}/cancel`, undefined)).body).toEqual(cancelled.body);
    expect((await asker.get(`/api/forecasts/${body.id}/contacts?who=not_starting&reason=dnc`)).body).toMatchObject({ items: [] });
    const other = (await ask()).body;
    await ask();
    expect((await asker.get(`/api/forecasts/${other.id}`)).body).toMatchObject({ state: "cancelled" });
  });
});
