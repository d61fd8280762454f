import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { createClient } from "#test/http-client.ts";
import { startOutageProxy } from "#test/outage-proxy.ts";
import { type ProductProcess, startProduct } from "#test/product-process.ts";

let app: TestApp;
const running: ProductProcess[] = [];
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(() => {
  for (const one of running.splice(0)) one.kill();
});
afterAll(() => app.stop());

test("while the database is away nobody is ready and everybody lives; when it is back, work goes on by itself", async () => {
  const way = await startOutageProxy(app.db.ownerUrl);
  const start = async (...args: string[]) => {
    const product = await startProduct(way.url, [...args, "--metrics-port=0"]);
    running.push(product);
    return product;
  };
  const [web, worker] = [await start("--role=web", "--port=0"), await start("--role=worker")];
  const client = createClient(new URL(web.ready.url ?? "").origin, (await app.ours.key(["flows:send", "executions:read"])).headers);
  const contacts = await buildContacts(app.db.owner, app.ours.workspaceId, 30);
  const flowId = await buildFlow(app.db.owner, app.ours.workspaceId, chain(node("start"), sms(), node("end")));
  const send = () => client.post("/api/sends", { flowId, selection: { type: "ids", ids: contacts } });
  const probe = async (product: ProductProcess, path: string) => (await fetch(`${product.ready.opsUrl}${path}`)).status;
  const both = async (path: string) => [await probe(web, path), await probe(worker, path)];

  await way.cut();
  await expect.poll(() => both("/readyz"), { interval: 250 }).toEqual([503, 503]);
  const refusals = await Promise.all(Array.from({ length: 5 }, send));
  expect(refusals.map(({ status, body, headers }) => [status, body.code, headers.get("retry-after")])).toEqual(
    Array(5).fill([503, "unavailable", "2"]),
  );
  // The outage lasts long enough for the job runner to give up.
  await sleep(6_000);
  expect(await both("/healthz")).toEqual([200, 200]);

  await way.restore();
  await expect.poll(() => both("/readyz"), { interval: 250 }).toEqual([200, 200]);
  const accepted = await send();
  expect(accepted.status).toBe(202);
  const readCompleted = async () => (await client.get(`/api/sends/${accepted.body.send.id}`)).body.completed;
  await expect.poll(readCompleted, { interval: 250 }).toBe(30);
  expect(await Promise.all([web.end(), worker.end()])).toEqual([0, 0]);
  await way.cut();
});
