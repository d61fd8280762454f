import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let editor: Client;
let viewer: Client;
beforeAll(async () => {
  app = await startTestApp();
  editor = await app.ours.as("editor");
  viewer = await app.ours.as("viewer");
});
afterAll(() => app.stop());

const person = (firstname: string, values = {}) =>
  buildContact(app.db.owner, app.ours.workspaceId, { firstname, lastname: "Test", ...values });
const flowOf = (...steps: Parameters<typeof chain>) => buildFlow(app.db.owner, app.ours.workspaceId, chain(...steps));
async function sendAfterForecast(flowId: string, ids: string[], meanwhile: () => Promise<unknown>): Promise<string> {
  const question = { flowId, selection: { type: "ids", ids } };
  const forecastId = (await editor.post("/api/forecasts", question)).body.id;
  await meanwhile();
  const { body } = await editor.post("/api/sends", { ...question, forecastId });
  expect(body.send.forecastId).toBe(forecastId);
  await app.driver.runUntilIdle();
  return body.send.id;
}
const change = (id: string, values: { dnc?: boolean; phone_e164?: string }) =>
  app.db.owner
    .updateTable("contacts")
    .set({ ...values, updated_at: new Date(Date.now() + 1_000) })
    .where("id", "=", id)
    .execute();

test("a send that came as forecast says so, step by step", async () => {
  const [ada, silent] = [await person("Ada"), await person("Sil", { phone_e164: null })];
  const sendId = await sendAfterForecast(await flowOf(node("start"), sms(), node("end")), [ada, silent], async () => {});
  const { body } = await viewer.get(`/api/sends/${sendId}/forecast`);
  expect(body).toMatchObject({ flowChanged: false, isOver: true, differing: 0 });
  expect(body.outcomes).toEqual([
    { nodeId: null, status: "completed", reason: null, forecast: 2, came: 2 },
    { nodeId: "end", status: "completed", reason: null, forecast: 2, came: 2 },
    { nodeId: "sms", status: "completed", reason: null, forecast: 1, came: 1 },
    { nodeId: "sms", status: "skipped", reason: "no_phone", forecast: 1, came: 1 },
    { nodeId: "start", status: "completed", reason: null, forecast: 2, came: 2 },
  ]);
  expect((await viewer.get(`/api/sends/${sendId}/forecast/contacts`)).body).toEqual({ items: [], nextCursor: null });
});

test("who went another way is named with both ways, and with what changed", async () => {
  const [ada, bob] = [await person("Ada"), await person("Bob")];
  const sendId = await sendAfterForecast(await flowOf(node("start"), sms()), [ada, bob], () => change(bob, { dnc: true }));
  const { body } = await viewer.get(`/api/sends/${sendId}/forecast`);
  expect(body.differing).toBe(1);
  expect(body.outcomes).toEqual(
    expect.arrayContaining([
      { nodeId: "sms", status: "completed", reason: null, forecast: 2, came: 1 },
      { nodeId: "sms", status: "skipped", reason: "dnc", forecast: 0, came: 1 },
    ]),
  );
  expect((await viewer.get(`/api/sends/${sendId}/forecast/contacts`)).body.items).toEqual([
    {
      contactId: bob,
      name: "Bob Test",
      forecast: [{ nodeId: "sms", status: "completed", reason: null }],
      came: [{ nodeId: "sms", status: "skipped", reason: "dnc" }],
      because: { isNew: false, isGone: false, replied: false, changed: true },
    },
  ]);
});

test("a flow that was edited in between is told, and those who did not start after all are named", async () => {
  const [ada, bob] = [await person("Ada"), await person("Bob")];
  const flowId = await flowOf(node("start", { reEntry: { rule: "once" } }), sms());
  const sendId = await sendAfterForecast(flowId, [ada, bob], async () => {
    await editor.post("/api/sends", { flowId, selection: { type: "ids", ids: [bob] } });
    await app.driver.runUntilIdle();
    const { nodes, edges } = chain(node("start", { reEntry: { rule: "once" } }), sms("Other"));
    await app.db.owner
      .updateTable("flows")
      .set({ nodes: JSON.stringify(nodes), edges: JSON.stringify(edges) })
      .where("id", "=", flowId)
      .execute();
  });
  expect((await viewer.get(`/api/sends/${sendId}/forecast`)).body).toMatchObject({ flowChanged: true, differing: 1 });
  const [item] = (await viewer.get(`/api/sends/${sendId}/forecast/contacts`)).body.items;
  expect(item).toMatchObject({ contactId: bob, came: [{ nodeId: null, status: "skipped", reason: "was_here_recently" }] });
});

test("pages of contacts follow one another", async () => {
  const ids = [await person("A"), await person("B"), await person("C")].sort();
  const sendId = await sendAfterForecast(await flowOf(node("start"), sms()), ids, async () => {
    for (const id of ids) await change(id, { dnc: true });
  });
  const first = (await viewer.get(`/api/sends/${sendId}/forecast/contacts?limit=2`)).body;
  const second = (await viewer.get(`/api/sends/${sendId}/forecast/contacts?limit=2&cursor=${first.nextCursor}`)).body;
  expect([...first.items, ...second.items].map(({ contactId }: { contactId: string }) => contactId)).toEqual(ids);
  expect(second.nextCursor).toBeNull();
});

test("a send without a forecast, and one of another workspace, have none", async () => {
  const flowId = await flowOf(node("start"), sms());
  const ada = await person("Ada");
  const bare = (await editor.post("/api/sends", { flowId, selection: { type: "ids", ids: [ada] } })).body.send.id;
  expect((await viewer.get(`/api/sends/${bare}/forecast`)).body).toMatchObject({ code: "forecast_not_found" });
  const compared = await sendAfterForecast(flowId, [ada], async () => {});
  const stranger = await app.theirs.as("owner");
  for (const path of ["forecast", "forecast/contacts"])
    expect((await stranger.get(`/api/sends/${compared}/${path}`)).body).toMatchObject({ code: "forecast_not_found" });
});
