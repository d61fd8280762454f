import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { alertCodes } from "#contract/queue.ts";
import { createApp } from "#server/compose/app.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, email, node, sms, wait } from "#test/graphs.ts";
import { createClient } from "#test/http-client.ts";
import { createMetrics } from "./metrics.ts";
import { openOpsServer } from "./ops-server.ts";
import { createReadiness } from "./readiness.ts";

let app: TestApp;
const metrics = createMetrics();
const undo: (() => Promise<unknown> | unknown)[] = [];
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  for (const step of undo.reverse()) await step();
  await app.stop();
});

/** The value of one series in the text of the metrics page. */
async function readSeries(series: string): Promise<number | undefined> {
  const line = (await metrics.text()).split("\n").find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}

test("requests are counted by the pattern of their route, and no address, invented path or method becomes a series", async () => {
  const server = createServer(createApp(app.resources, { metrics }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  undo.push(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { cookie = "" } = (await app.ours.as("viewer")).headers;
  const client = createClient(url, { cookie, origin: url });
  await client.get(`/api/contacts?filter=${encodeURIComponent(JSON.stringify({ search: "canary" }))}`);
  await client.get("/api/sends/018f0000-0000-7000-8000-000000000000");
  await client.get("/api/canary");
  await client.request("PROPFIND", "/canary");
  expect(await readSeries('sluice_http_request_seconds_count{method="GET",route="/api/contacts",status="200"}')).toBe(1);
  expect(await readSeries('sluice_http_request_seconds_count{method="GET",route="/api/sends/:id",status="404"}')).toBe(1);
  expect(await readSeries('sluice_http_request_seconds_count{method="GET",route="none",status="404"}')).toBe(1);
  expect(await metrics.text()).not.toMatch(/canary|018f0000|PROPFIND/);
});

test("the engine's work is counted: executions, messages by what came of them, and the time of calls", async () => {
  const { engine, run, providers } = await startTestEngine(app.db.owner, { meter: metrics.meter });
  undo.push(() => engine.stop());
  const workspaceId = await buildWorkspace(app.db.owner);
  const contacts = await buildContacts(app.db.owner, workspaceId, 4);
  const flowId = await buildFlow(app.db.owner, workspaceId, chain(node("start"), sms(), email(), node("end")));
  providers.sms.answer(
    { outcome: "unknown", message: "silence" },
    { outcome: "rejected", reason: "bad_phone", message: "no", retryable: false },
    { outcome: "rejected", reason: "provider_unavailable", message: "later", retryable: true },
    { outcome: "accepted", providerMessageId: "1" },
  );
  await engine.createSend(sendTo(workspaceId, flowId, contacts));
  await run();
  const sent = (channel: string, outcome: string) => readSeries(`sluice_messages_total{channel="${channel}",outcome="${outcome}"}`);
  expect([
    await sent("sms", "accepted"),
    await sent("sms", "rejected"),
    await sent("sms", "put_off"),
    await sent("sms", "unknown"),
  ]).toEqual([1, 1, 1, 1]);
  expect(await sent("email", "accepted")).toBe(1);
  expect(await readSeries('sluice_provider_call_seconds_count{channel="sms",provider="fake"}')).toBe(4);
  expect(await readSeries("sluice_executions_advanced_total")).toBe(4);
  expect(await readSeries("sluice_chunk_seconds_count")).toBeGreaterThanOrEqual(1);
  expect(await metrics.text()).not.toContain(workspaceId);
});

test("who slept is counted with how late the waking was", async () => {
  const { engine, run, wait: forward } = await startTestEngine(app.db.owner, { meter: metrics.meter });
  undo.push(() => engine.stop());
  // Moves on the work that the other tests left for a later try.
  await forward(3_600);
  const workspaceId = await buildWorkspace(app.db.owner);
  const flowId = await buildFlow(app.db.owner, workspaceId, chain(node("start"), wait(60), node("end")));
  await engine.createSend(sendTo(workspaceId, flowId, await buildContacts(app.db.owner, workspaceId, 3)));
  await run();
  const upTo = async (bound: string) => (await readSeries(`sluice_timer_lateness_seconds_bucket{le="${bound}"}`)) ?? 0;
  const before = [await upTo("5"), await upTo("10")] as const;
  await forward(67);
  // Each of the three is seven seconds late.
  expect([await upTo("5"), await upTo("10")]).toEqual([before[0], before[1] + 3]);
});

test("the operator's page lists every metric and every alert there is, and none else", async () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/operations.md"), "utf8");
  const firstCells = (section: string) =>
    [...(page.split(`## ${section}`)[1]?.split("\n## ")[0] ?? "").matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  const registered = [...(await metrics.text()).matchAll(/^# TYPE (sluice_\w+)/gm)].map(([, name]) => name);
  expect(firstCells("Metrics").toSorted()).toEqual(registered.toSorted());
  expect(firstCells("Alerts").toSorted()).toEqual(alertCodes.toSorted());
});

test("the operator's port shows metrics and probes and nothing else", async () => {
  const readiness = createReadiness(pino({ level: "silent" }));
  const ops = await openOpsServer({ host: "127.0.0.1", port: 0, metrics, readiness });
  undo.push(() => ops.close());
  const client = createClient(`http://127.0.0.1:${ops.port}`);
  expect((await client.get("/readyz")).status).toBe(503);
  expect((await client.get("/healthz")).status).toBe(200);
  readiness.open();
  expect((await client.get("/readyz")).body).toEqual({ status: "ready", problems: [] });
  const page = await client.get("/metrics");
  expect([page.status, page.headers.get("content-type")]).toEqual([200, expect.stringContaining("text/plain")]);
  expect(page.text).toMatch(/nodejs_eventloop_lag_p99_seconds|process_cpu_seconds_total/);
  expect((await client.post("/metrics", {})).status).toBe(404);
  expect((await client.get("/api/session")).status).toBe(404);
});
