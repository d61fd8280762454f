import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mostForecast } from "#contract/forecasts.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
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
}, 60_000);
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

  test("of more contacts than can be looked at once is refused with the number", async () => {
    const many = await buildContacts(app.db.owner, app.ours.workspaceId, mostForecast + 1);
    const { status, body } = await editor.post("/api/forecasts", { flowId, selection: ids(...many) });
    expect([status, body.code]).toEqual([422, "forecast_too_large"]);
    expect(body.error).toContain("2,000");
  });

  test("says how many messages leave, when, and who gets none", async () => {
    const { status, body } = await editor.post("/api/forecasts", { flowId, selection: ids(ada, silent) });
    expect(status).toBe(200);
    expect(body).toMatchObject({ total: 2, willStart: 2, nothing: 1, channels: [{ channel: "sms", messages: 2, contacts: 1 }] });
    expect(Date.parse(body.lastAt) - Date.parse(body.firstAt)).toBe(86_400_000);
    const who = await editor.post("/api/forecasts/contacts", { flowId, selection: ids(ada, silent), reason: "no_phone", nodeId: "later" });
    expect(who.body).toEqual({ total: 1, items: [{ contactId: silent, name: "Sil Ent" }] });
  });

  test("of a flow that was edited meanwhile is that of the flow as it is now", async () => {
    const edited = await buildFlow(app.db.owner, app.ours.workspaceId, chain(node("start"), sms("One")));
    const ask = () => editor.post("/api/forecasts", { flowId: edited, selection: ids(ada) });
    expect((await ask()).body.channels).toMatchObject([{ messages: 1 }]);
    const graph = chain(node("start"), sms("One"), sms("Two", {}, "two"));
    await app.db.owner
      .updateTable("flows")
      .set({ nodes: JSON.stringify(graph.nodes), edges: JSON.stringify(graph.edges) })
      .where("id", "=", edited)
      .execute();
    expect((await ask()).body.channels).toMatchObject([{ messages: 2 }]);
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
});
