import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { type CollectedSpan, type FakeCollector, startFakeCollector } from "#test/fake-collector.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";
import { createClient } from "#test/http-client.ts";
import { type ProductProcess, startProduct } from "#test/product-process.ts";

// A web server and a worker in processes of their own. A trace that has spans of both has gone through the database.
let app: TestApp;
let collector: FakeCollector;
const running: ProductProcess[] = [];
beforeAll(async () => {
  app = await startTestApp();
  collector = await startFakeCollector();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.end()));
});
afterAll(async () => {
  await collector.stop();
  await app.stop();
});

async function start(args: string[], env: Record<string, string>): Promise<ProductProcess> {
  const product = await startProduct(app.db.ownerUrl, args, env);
  running.push(product);
  return product;
}

const named = (name: string) => collector.spans.filter((span) => span.name === name);
/** The span names from a span up to the root of its trace. */
function wayUp(span: CollectedSpan): string[] {
  const parent = collector.spans.find(({ spanId, traceId }) => spanId === span.parentSpanId && traceId === span.traceId);
  return [span.name, ...(parent ? wayUp(parent) : [])];
}

test("one trace leads from the request through the worker to the call of the provider; what slept since points back to it", async () => {
  const traced = (name: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: name });
  const web = await start(["--role=web", "--port=0"], traced("web"));
  await start(["--role=worker"], traced("worker"));
  const contacts = await buildContacts(app.db.owner, app.ours.workspaceId, 3);
  const flowId = await buildFlow(
    app.db.owner,
    app.ours.workspaceId,
    chain(node("start"), sms(), wait(1), sms("Again", {}, "again"), node("end")),
  );
  const client = createClient(new URL(web.ready.url ?? "").origin, (await app.ours.key(["flows:send", "contacts:read"])).headers);
  const incoming = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const selection = { type: "filter", filter: { tests: [] }, excluded: [] };
  const answer = await client.post("/api/sends", { flowId, selection }, { headers: { traceparent: incoming } });
  expect([answer.status, answer.body.problems]).toEqual([202, undefined]);

  await expect.poll(() => named("call provider").length).toBe(2);
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  await expect.poll(() => named("POST /api/sends").length).toBe(1);
  await expect.poll(() => named("advance chunk").length).toBeGreaterThanOrEqual(2);
  const [first, second] = named("call provider") as [CollectedSpan, CollectedSpan];
  expect(wayUp(first)).toEqual(["call provider", "advance chunk", "create send", "POST /api/sends"]);
  expect([first.traceId, first.service, named("POST /api/sends")[0]?.service]).toEqual([traceId, "worker", "web"]);
  expect(first.attributes).toMatchObject({ "sluice.provider": "capture", "sluice.channel": "sms", "sluice.messages": 3 });
  expect(wayUp(named("enrol page")[0] as CollectedSpan)).toEqual(["enrol page", "create send", "POST /api/sends"]);

  expect(second.traceId).not.toBe(traceId);
  const woken = named("advance chunk").find((span) => span.traceId === second.traceId);
  expect(woken?.links).toEqual([traceId]);
  // The spans hold no address, no number and no text of a message.
  expect(contacts).toHaveLength(3);
  expect(collector.raw.join("\n")).not.toMatch(/\+1556|@example\.test|Person/);
});

test("a collector that is away costs a line in the log and nothing else", async () => {
  const web = await start(["--role=web", "--port=0"], {
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1",
    OTEL_EXPORTER_OTLP_TIMEOUT: "1000",
  });
  const { origin } = new URL(web.ready.url ?? "");
  expect((await fetch(`${origin}/api/health`)).status).toBe(200);
  await expect.poll(() => web.said()).toContain("traces could not be sent");
  expect((await fetch(`${origin}/api/health`)).status).toBe(200);
});

test("where nobody traces, nothing of it is loaded", async () => {
  // NODE_DEBUG=esm logs the name of every module that is loaded.
  const web = await start(["--role=web", "--port=0"], { NODE_DEBUG: "esm" });
  expect(web.said()).toContain("node_modules/pino");
  expect(web.said()).not.toContain("@opentelemetry/sdk-trace");
});
