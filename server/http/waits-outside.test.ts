import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Provider } from "#channels/channel.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, email, node } from "#test/graphs.ts";
import type { Answer, Client } from "#test/http-client.ts";
import { routeIds, routeTable } from "#test/route-call.ts";

// What is outside is reached and then answers only when the test lets it.

let app: TestApp;
let admin: Client;
let flowId: string;
let contactId: string;
let askingSend: string;
let reached: PromiseWithResolvers<void>;
let answer: PromiseWithResolvers<void>;
async function outside(): Promise<void> {
  reached.resolve();
  await answer.promise;
}
const provider: Provider = {
  name: "slow",
  from: null,
  concurrency: 1,
  send: async ({ id }) => {
    await outside();
    return { outcome: "accepted", providerMessageId: id };
  },
  check: async () => {
    await outside();
    return undefined;
  },
};

beforeAll(async () => {
  app = await startTestApp();
  admin = await app.ours.as("admin");
  flowId = await buildFlow(app.db.owner, app.ours.workspaceId, chain(node("start"), email(), node("end")));
  contactId = await buildContact(app.db.owner, app.ours.workspaceId);
  const aTest = {
    name: "One",
    script: { contact: { id: contactId }, startAt: "2027-03-01T09:00:00Z" },
    expect: [{ kind: "reaches", nodeId: "end" }],
  };
  expect((await admin.post(`/api/flows/${flowId}/tests`, aTest)).status).toBe(201);
  await admin.put("/api/workspace/approval-rules", { editors: true });
  const editor = await app.ours.as("editor");
  const asking = await editor.post("/api/sends", { flowId, selection: { type: "ids", ids: [contactId] } });
  askingSend = asking.body.send.id;
  const { simulate } = app.resources;
  app.resources.simulate = async (input) => {
    await outside();
    return simulate(input);
  };
  app.resources.callWebhook = async () => {
    await outside();
    return { answer: { outcome: "refused", message: "No.", durationMs: 1 }, sentHeaders: [], headers: [], body: "", isCut: false } as never;
  };
  const { engine } = app.resources;
  for (const name of ["startForecast", "forecastContact", "planContact", "findCollisions", "sampleSend"] as const) {
    const walk = engine[name] as (...input: unknown[]) => Promise<never>;
    engine[name] = async (...input: unknown[]) => {
      await outside();
      return walk(...input);
    };
  }
  const sendingDomainOf = async () => {
    await outside();
    return undefined;
  };
  Object.assign(app.resources.providers, { openWith: async () => provider, providerFor: async () => provider, sendingDomainOf });
});
afterAll(() => app.stop());

/** What the first request says, and the second too. */
let publish: { revision: string } | undefined;
async function editDraft(): Promise<{ revision: string }> {
  const { body } = await admin.get(`/api/flows/${flowId}/draft`);
  const saved = await admin.patch(`/api/flows/${flowId}/draft`, { baseRevision: body.revision, name: "Another name" });
  return { revision: saved.body.revision };
}

const handId = crypto.randomUUID();
const hook = node("webhook", { url: "https://api.example.com/" });
const asked: Record<string, (key: string) => Promise<Answer>> = {
  simulateFlow: () => admin.post(`/api/flows/${flowId}/simulations`, { of: "live", contact: { id: contactId } }),
  runFlowTests: (key) => admin.post(`/api/flows/${flowId}/tests/run`, { of: "live" }, { headers: { "idempotency-key": key } }),
  publishFlow: async (key) => {
    publish ??= await editDraft();
    return admin.post(`/api/flows/${flowId}/publish`, publish, { headers: { "idempotency-key": key } });
  },
  tryWebhook: (key) => admin.post("/api/webhook-try", { flowId, node: hook, contactId }, { headers: { "idempotency-key": key } }),
  sendToMe: (key) => admin.post("/api/message-to-me", { flowId, node: email(), contactId }, { headers: { "idempotency-key": key } }),
  sendFlowToMe: (key) =>
    admin.post("/api/flow-to-me", { flowId, contactId, nodeId: "email", visit: 2 }, { headers: { "idempotency-key": key } }),
  saveMyPhone: (key) => admin.put("/api/my-phone", { phone: "+14155550177" }, { headers: { "idempotency-key": key } }),
  setProvider: () => admin.put("/api/providers/email", { provider: "capture" }),
  sendByHand: (key) =>
    admin.post(
      `/api/conversations/${contactId}/messages`,
      { id: handId, channel: "email", subject: "Hi", text: "Hello" },
      { headers: { "idempotency-key": key } },
    ),
  forecastSend: () => admin.post("/api/forecasts", { flowId, selection: { type: "ids", ids: [contactId] } }),
  forecastContact: () => admin.post("/api/forecasts/contact", { flowId, contactId }),
  findCollisions: () => admin.post("/api/collisions", { selection: { type: "ids", ids: [contactId] } }),
  planContact: () => admin.get(`/api/contacts/${contactId}/plan`),
  getApprovalSample: () => admin.get(`/api/sends/${askingSend}/approval/sample`),
  checkSendingDomain: (key) => admin.post("/api/sending-domain/check", undefined, { headers: { "idempotency-key": key } }),
  testProvider: (key) => admin.post("/api/providers/email/test", { to: "ann@example.com" }, { headers: { "idempotency-key": key } }),
};

test("the routes that wait for something else than the database are these", () => {
  expect(routeIds.filter((id) => routeTable[id].waitsOutside).sort()).toEqual(Object.keys(asked).sort());
});

test.each(Object.keys(asked))(
  "%s holds no transaction while it waits, is recorded once, and is repeated with its key without being done again",
  async (id) => {
    const entries = () =>
      app.db.owner
        .selectFrom("audit_log")
        .select("id")
        .where("action", "=", routeTable[id as "health"].audit)
        .execute();
    const before = (await entries()).length;
    reached = Promise.withResolvers();
    answer = Promise.withResolvers();
    const ask = () => (asked[id] as (key: string) => Promise<Answer>)(`key-${id}`);
    const first = ask();
    await Promise.race([reached.promise, first.then(({ text }) => Promise.reject(new Error(`Nothing outside was reached: ${text}`)))]);
    const { rows } = await sql<{ query: string }>`
    select query from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`.execute(app.db.owner);
    expect(rows).toEqual([]);
    const { changesNothing, method } = routeTable[id as "health"];
    const isRead = changesNothing || (method as string) === "GET";
    // What is put is the same when it is put again, so only a POST is kept by its key.
    const isRepeated = !isRead && (method as string) === "POST";
    // The same request at the same moment is not done beside the first one.
    const beside = isRepeated ? await ask() : undefined;
    answer.resolve();
    const { status, body } = await first;
    expect(status, JSON.stringify(body)).toBe(200);
    if (beside) expect([beside.status, beside.body.code, beside.headers.get("retry-after")]).toEqual([409, "request_in_progress", "1"]);
    expect((await entries()).length - before).toBe(isRead ? 0 : 1);
    if (!isRepeated) return;
    reached = Promise.withResolvers();
    const again = await ask();
    expect([again.status, again.body, again.headers.get("idempotent-replayed")]).toEqual([200, body, "true"]);
    expect((await entries()).length - before).toBe(1);
  },
);
