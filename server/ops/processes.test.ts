import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { startFakePooler } from "#test/fake-pooler.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { createClient } from "#test/http-client.ts";
import { type ProductProcess, startProduct } from "#test/product-process.ts";

// The product as an operator runs it: processes with one role each, on one database.
let app: TestApp;
const running: ProductProcess[] = [];
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(() => {
  for (const one of running.splice(0)) one.kill();
});
afterAll(() => app.stop());

async function start(args: string[], env: Record<string, string> = {}): Promise<ProductProcess> {
  const product = await startProduct(app.db.ownerUrl, args, env);
  running.push(product);
  return product;
}

const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;

test("a worker behind a transaction pooler does not start, and says which address to use", async () => {
  const pooler = await startFakePooler(app.db.ownerUrl, "transaction", 5);
  const failure = await startProduct(pooler.url, ["--role=worker"]).catch((error: Error) => error.message);
  await pooler.stop();
  expect(failure).toMatch(/ended with code 1 .*LISTEN is lost.*PgBouncer: pool_mode = session/s);
});

test("a web server may go through one: nothing of it lives in a session", async () => {
  const pooler = await startFakePooler(app.db.ownerUrl, "transaction", 6);
  const web = await startProduct(pooler.url, ["--role=web", "--port=0"]);
  running.push(web);
  const worker = await start(["--role=worker"]);
  const contacts = await buildContacts(app.db.owner, app.ours.workspaceId, 40);
  const flowId = await buildFlow(app.db.owner, app.ours.workspaceId, chain(node("start"), sms(), node("end")));
  const { headers } = await app.ours.key(["flows:send", "contacts:read", "executions:read"]);
  const client = createClient(new URL(web.ready.url ?? "").origin, headers);
  const body = { flowId, selection: { type: "ids", ids: contacts } };
  const [contactList, queue, sent] = await Promise.all([
    client.get("/api/contacts"),
    client.get("/api/queue"),
    client.post("/api/sends", body),
  ]);
  expect([contactList.status, queue.status, sent.status]).toEqual([200, 200, 202]);
  const { id } = sent.body.send;
  await expect.poll(async () => (await client.get(`/api/sends/${id}`)).body.completed).toBe(40);
  await Promise.all([web.end(), worker.end()]);
  await pooler.stop();
});

test("a worker without a web server answers probes and metrics on its own port, and ends when told to", async () => {
  const worker = await start(["--role=worker", "--metrics-port=0"]);
  const { opsUrl = "", url } = worker.ready;
  expect(url).toBeUndefined();
  expect(await statusOf(`${opsUrl}/healthz`)).toBe(200);
  await expect.poll(() => statusOf(`${opsUrl}/readyz`)).toBe(200);
  const page = await (await fetch(`${opsUrl}/metrics`)).text();
  expect(page).toMatch(/sluice_db_connections\{pool="engine",state="idle"\} \d/);
  expect(await worker.end()).toBe(0);
});

test("a web server says that it is ending while it still serves, for as long as it was told to", async () => {
  const web = await start(["--role=web", "--port=0"], { DRAIN_SECONDS: "8" });
  const { url = "" } = web.ready;
  // The claim link uses the address that the process listens on.
  const { origin } = new URL(url);
  await expect.poll(() => statusOf(`${origin}/readyz`)).toBe(200);
  expect(await statusOf(`${origin}/api/health`)).toBe(200);
  const startedAt = performance.now();
  const ended = web.end();
  await expect.poll(() => statusOf(`${origin}/readyz`)).toBe(503);
  expect(await statusOf(`${origin}/healthz`)).toBe(200);
  expect(await statusOf(`${origin}/api/health`)).toBe(200);
  expect(await ended).toBe(0);
  expect(performance.now() - startedAt).toBeGreaterThan(7_900);
});
