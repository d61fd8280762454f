import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bulkQueue, sdkVersion, singleQueue } from "#engine/drivers/trigger/payload.ts";
import { openTriggerDev } from "#engine/drivers/trigger/sdk.ts";
import { createTriggerDriver } from "#engine/drivers/trigger/trigger.ts";
import { createEngine, type Engine } from "#engine/engine.ts";
import type { EngineDriver } from "#engine/jobs/driver.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import { sendTo } from "#test/engine.ts";
import { buildContact, buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import { expectTotalsToAddUp } from "#test/totals.ts";
import { startTriggerFixture, type TriggerFixture } from "#test/trigger-fixture.ts";
import type { Execute } from "#test/trigger-fixture-runs.ts";
import { declaredQueues, declaredTask, loadWorkflowTask } from "#test/trigger-task.ts";

// The server's half of the engine runs here, the fixture stands in the middle, and the real task runs on the other side
// in the SDK's mock context.
let db: TestDb;
let fixture: TriggerFixture;
let execute: Execute;
let driver: EngineDriver;
let engine: Engine;
const log = pino({ level: "silent" });

/** Somebody's HTTP server, which a flow calls. */
const heard: { key: string | undefined; url: string | undefined }[] = [];
const outside = createServer((request, response) => {
  heard.push({ key: request.headers["idempotency-key"] as string | undefined, url: request.url });
  setTimeout(() => response.setHeader("Content-Type", "application/json").end(JSON.stringify({ person: { score: 42 } })), 200);
});
const outsideUrl = () => `http://127.0.0.1:${(outside.address() as AddressInfo).port}/score`;

beforeAll(async () => {
  db = await createTestDb();
  await new Promise<void>((resolve) => outside.listen(0, "127.0.0.1", resolve));
  // A run gets these from the variables of its Trigger.dev environment.
  Object.assign(process.env, {
    DATABASE_URL: db.ownerUrl,
    MASTER_KEY: "5a".repeat(32),
    LOG_LEVEL: "silent",
    ALLOW_PRIVATE_HOSTS: "true",
    HTTP_EXTRA_PORTS: new URL(outsideUrl()).port,
  });
  execute = await loadWorkflowTask();
  fixture = await startTriggerFixture({ execute: (payload, run) => execute(payload, run) });
  const service = await openTriggerDev({ apiUrl: fixture.url, secretKey: fixture.secretKey });
  driver = createTriggerDriver({ db: db.owner, log, service, lookEveryMs: 25 });
  const providerFor = () => Promise.reject(new Error("The server itself sends nothing."));
  engine = createEngine({ db: db.owner, nodes: nodeRegistry, providerFor, driver, log });
  await engine.start();
});
afterAll(async () => {
  await engine.stop();
  await fixture.close();
  outside.close();
  await db.drop();
});

const executionsOf = (workspaceId: string) =>
  db.owner
    .selectFrom("flow_executions")
    .select(["id", "status", "engine_run_id", "contact_id"])
    .where("workspace_id", "=", workspaceId)
    .execute();
const finished = async (workspaceId: string) => (await executionsOf(workspaceId)).filter(({ status }) => status === "completed").length;

test("a payload that is not a hand-over is refused before anything is done", async () => {
  const run = { runId: "run_x", attempt: 1, signal: new AbortController().signal };
  await expect(execute({ contact: { name: "Ada" } }, run)).rejects.toThrow();
  await expect(execute({ version: 2, id: db.owner, generation: 0 }, run)).rejects.toThrow();
});

test("a hand-over that is no longer wanted ends quietly", async () => {
  const run = { runId: "run_x", attempt: 1, signal: new AbortController().signal };
  const stale = { version: 1, id: "0198f5a0-0000-7000-8000-0000000000f1", generation: 3 };
  expect(await execute(stale, run)).toEqual({ outcome: "stale" });
});

test("a single send is one run of the task, whose id stands beside the execution", async () => {
  const workspaceId = await buildWorkspace(db.owner);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Hi {{firstname}}"), email(), node("end")));
  const contactId = await buildContact(db.owner, workspaceId);
  const before = fixture.runs.all.size;
  const { executionId } = await engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  await expect.poll(() => finished(workspaceId)).toBe(1);
  const [execution] = await executionsOf(workspaceId);
  const runs = [...fixture.runs.all.values()].slice(before);
  expect(runs).toHaveLength(1);
  expect(execution).toMatchObject({ id: executionId, engine_run_id: runs[0]?.id });
  expect(runs[0]?.options).toMatchObject({ queue: { name: singleQueue }, concurrencyKey: workspaceId, priority: expect.any(Number) });
  expect(runs[0]?.options.tags).toEqual(expect.arrayContaining([`ws_${workspaceId}`, `exec_${executionId}`, `flow_${flowId}`]));
  const messages = await db.owner.selectFrom("messages").select(["channel", "status"]).where("workspace_id", "=", workspaceId).execute();
  expect(messages.map(({ channel }) => channel).sort()).toEqual(["email", "sms"]);
});

test("a webhook is called once by the run that comes to it, and the next run uses the fields of the answer", async () => {
  const workspaceId = await buildWorkspace(db.owner);
  const config = { method: "POST", url: outsideUrl(), fields: [{ name: "score", path: "person.score" }] };
  const webhook = { ...node("webhook", config), data: { key: "lead", config } };
  const flow = graph([node("start"), webhook, sms("Score {{ steps.lead.score }}")], "start > webhook", "webhook:success > sms");
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const contactId = await buildContact(db.owner, workspaceId);
  const { executionId } = await engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  await expect.poll(() => finished(workspaceId)).toBe(1);
  expect(heard).toEqual([{ key: `${executionId}:2`, url: "/score" }]);
  const messages = await db.owner.selectFrom("messages").select("body").where("workspace_id", "=", workspaceId).execute();
  expect(messages).toEqual([{ body: "Score 42" }]);
});

test("what Trigger.dev is told names a row, and no person, address, text or secret", async () => {
  for (const { payload, options } of fixture.runs.all.values()) {
    expect(Object.keys(payload as object).sort()).toEqual(["generation", "id", "version"]);
    expect(JSON.stringify({ payload, tags: options.tags })).not.toMatch(/@|Hi |\+\d|postgres/);
  }
});

test("a send to 30 is a run for each, asked for in one batch; its waits are runs that Trigger.dev delays by a date", async () => {
  const workspaceId = await buildWorkspace(db.owner);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("One"), wait(4), sms("Two", {}, "sms2"), node("end")));
  const ids = await buildContacts(db.owner, workspaceId, 30);
  const before = fixture.runs.all.size;
  const { batches } = fixture.counts;
  await engine.createSend(sendTo(workspaceId, flowId, ids));
  await expect.poll(() => finished(workspaceId), { interval: 100 }).toBe(30);
  const runs = [...fixture.runs.all.values()].slice(before);
  expect(runs).toHaveLength(60);
  expect(fixture.counts.batches - batches).toBeGreaterThanOrEqual(1);
  const delays = runs.flatMap(({ options }) => options.delay ?? []);
  expect(delays.length).toBeGreaterThan(0);
  for (const delay of delays) expect(new Date(delay).toISOString()).toBe(delay);
  expect(new Set((await executionsOf(workspaceId)).map(({ engine_run_id }) => engine_run_id)).size).toBe(30);
  await expectTotalsToAddUp(db.owner);
});

test("a send to 1,200 goes by chunks, in the queue that others overtake", async () => {
  const workspaceId = await buildWorkspace(db.owner);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
  const ids = await buildContacts(db.owner, workspaceId, 1_200);
  const before = fixture.runs.all.size;
  await engine.createSend(sendTo(workspaceId, flowId, ids));
  await expect.poll(() => finished(workspaceId), { interval: 200 }).toBe(1_200);
  const runs = [...fixture.runs.all.values()].slice(before);
  // There are one or two pages of enrolling, three chunks, and one or two looks that found nothing left.
  expect(runs.length).toBeLessThanOrEqual(10);
  expect(new Set(runs.map(({ options }) => options.queue?.name))).toEqual(new Set([bulkQueue]));
  await expectTotalsToAddUp(db.owner);
});

test("a large send with a delay stays with runs of portions to its end, and a send of one beside it goes at once", async () => {
  const workspaceId = await buildWorkspace(db.owner);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("One"), wait(3), email(), node("end")));
  const ids = await buildContacts(db.owner, workspaceId, 1_200);
  const alone = await buildContact(db.owner, workspaceId);
  const single = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Beside"), node("end")));
  const before = fixture.runs.all.size;
  await engine.createSend(sendTo(workspaceId, flowId, ids));
  // The first wake-ups of the large send are due soon: the time at which single runs would be asked for.
  await expect
    .poll(() =>
      db.owner
        .selectFrom("wake_ups")
        .selectAll()
        .execute()
        .then(({ length }) => length > 400),
    )
    .toBe(true);
  const { executionId } = await engine.createSend(sendTo(workspaceId, single, [alone]));
  await expect.poll(() => finished(workspaceId), { interval: 100 }).toBe(1_201);
  const runs = [...fixture.runs.all.values()].slice(before);
  const quick = runs.filter(({ options }) => options.queue?.name === singleQueue);
  expect(quick.map(({ options }) => options.tags?.includes(`exec_${executionId}`))).toEqual([true]);
  const lastOfLarge = Math.max(...runs.filter((run) => run !== quick[0]).map(({ finishedAt = 0 }) => finishedAt));
  expect(quick[0]?.finishedAt).toBeLessThan(lastOfLarge);
  // Three portions before and three after the delay, pages of enrolling, and looks that found little.
  expect(runs.length).toBeLessThanOrEqual(18);
  await expectTotalsToAddUp(db.owner);
});

test("the task declares the queues that the relay names, in the form that older servers understand", () => {
  const queues = declaredQueues().map(({ name, concurrencyLimit }) => ({ name, concurrencyLimit }));
  expect(queues).toEqual(
    expect.arrayContaining([
      { name: singleQueue, concurrencyLimit: 25 },
      { name: bulkQueue, concurrencyLimit: 64 },
    ]),
  );
  expect(declaredTask()).toMatchObject({ id: "trigger-workflow", maxDuration: 300, retry: { maxAttempts: 3 } });
});

test("SDK and core are pinned to the one version that the instructions name", () => {
  const { devDependencies } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
  expect([devDependencies["@trigger.dev/sdk"], devDependencies["@trigger.dev/core"]]).toEqual([sdkVersion, sdkVersion]);
});
