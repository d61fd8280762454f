import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createGraphileDriver } from "#engine/drivers/graphile.ts";
import { createEngine } from "#engine/engine.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { sendTo, silentLog } from "#test/engine.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, email, node, sms, wait } from "#test/graphs.ts";
import { createClient } from "#test/http-client.ts";
import { type ProductProcess, startProduct } from "#test/product-process.ts";
import { type SmtpSink, startSmtpSink } from "#test/smtp-sink.ts";
import { expectTotalsToAddUp } from "#test/totals.ts";

// One web server and two workers, as an operator runs them. They are replaced one after the other while a send is under
// way.
let app: TestApp;
let sink: SmtpSink;
/** Milliseconds until the mail server answers for a message. */
let answersAfter = 0;
const running = new Set<ProductProcess>();
beforeAll(async () => {
  app = await startTestApp();
  sink = await startSmtpSink({ answerAfter: () => sleep(answersAfter) });
});
afterEach(() => {
  for (const one of running) one.kill();
});
afterAll(async () => {
  await sink.stop();
  await app.stop();
});

async function start(...args: string[]): Promise<ProductProcess> {
  const product = await startProduct(app.db.ownerUrl, [...args, "--metrics-port=0"], { ALLOW_PRIVATE_HOSTS: "true" });
  running.add(product);
  return product;
}

/** Replaces a process as a supervisor does: the new one is ready before the old one is asked to end. */
async function replace(
  old: ProductProcess,
  ...args: string[]
): Promise<{ next: ProductProcess; exitCode: number | null; drainedMs: number }> {
  const next = await start(...args);
  await expect.poll(async () => (await fetch(`${next.ready.opsUrl}/readyz`)).status, { interval: 250 }).toBe(200);
  const startedAt = performance.now();
  const exitCode = await old.end();
  running.delete(old);
  return { next, exitCode, drainedMs: performance.now() - startedAt };
}

test("two workers share a send: whoever is free takes the next portion", async () => {
  const { workspaceId } = await app.createTenant("Shared");
  const workers = [await start("--role=worker"), await start("--role=worker")];
  await buildContacts(app.db.owner, workspaceId, 10_000);
  const flowId = await buildFlow(app.db.owner, workspaceId, chain(node("start"), sms(), node("end")));
  const api = createEngine({
    db: app.db.owner,
    nodes: nodeRegistry,
    providerFor: app.resources.providers.providerFor,
    log: silentLog,
    driver: createGraphileDriver({ connectionString: app.db.ownerUrl, log: silentLog }),
  });
  const { sendId } = await api.createSend({
    ...sendTo(workspaceId, flowId, []),
    selection: { type: "filter", filter: { tests: [] }, excluded: [] },
  });
  const send = () => app.db.owner.selectFrom("flow_sends").selectAll().where("id", "=", sendId).executeTakeFirstOrThrow();
  await expect.poll(async () => (await send()).completed, { interval: 100 }).toBe(10_000);
  const advanced = await Promise.all(
    workers.map(async ({ ready }) => {
      const page = await (await fetch(`${ready.opsUrl}/metrics`)).text();
      return Number(/^sluice_executions_advanced_total (\d+)$/m.exec(page)?.[1]);
    }),
  );
  expect(advanced.reduce((sum, count) => sum + count, 0)).toBe(10_000);
  if (process.env.TEST_LOG) process.stdout.write(`moved: ${advanced.join(" and ")}\n`);
  expect(Math.min(...advanced), `they moved ${advanced.join(" and ")}`).toBeGreaterThanOrEqual(1_000);
  await Promise.all(workers.map((worker) => worker.end()));
});

test("everybody gets each message once, nothing is in doubt, and every process ends by itself within its time", async () => {
  const people = 900;
  const { workspaceId } = app.ours;
  await buildContacts(app.db.owner, workspaceId, people);
  const settings = { host: "127.0.0.1", port: sink.port, security: "none", fromName: "Sluice", fromAddress: "sender@example.test" };
  await app.db.owner
    .insertInto("providers")
    .values({ workspace_id: workspaceId, channel: "email", provider: "smtp", settings: JSON.stringify(settings) })
    .execute();
  const graph = chain(node("start"), email("First"), wait(5), email("Second", {}, "second"), node("end"));
  const flowId = await buildFlow(app.db.owner, workspaceId, graph);
  const { headers } = await app.ours.key(["flows:send", "contacts:read", "executions:read"]);
  const clientOf = ({ ready }: ProductProcess) => createClient(new URL(ready.url ?? "").origin, headers);

  let web = await start("--role=web", "--port=0");
  const workers = [await start("--role=worker"), await start("--role=worker")];
  const body = { flowId, selection: { type: "filter", filter: { tests: [] }, excluded: [] } };
  // The send has to be under way until the first new worker is ready, which takes long on a busy machine.
  answersAfter = 300;
  const { send } = (await clientOf(web).post("/api/sends", body)).body;

  const outstanding: number[] = [];
  const ends: { exitCode: number | null; drainedMs: number }[] = [];
  for (const place of [0, 1, 0, 1]) {
    const { next, ...end } = await replace(workers[place] as ProductProcess, "--role=worker");
    workers[place] = next;
    answersAfter = 0;
    ends.push(end);
    outstanding.push(2 * people - sink.accepted.length);
  }
  const door = await replace(web, "--role=web", "--port=0");
  web = door.next;
  ends.push(door);
  expect(outstanding[0], "messages still to go when the first worker had left").toBeGreaterThan(0);
  expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0]);
  expect(Math.max(...ends.map(({ drainedMs }) => drainedMs))).toBeLessThan(30_000);

  const state = async () => (await clientOf(web).get(`/api/sends/${send.id}`)).body;
  await expect.poll(async () => (await state()).state, { interval: 250 }).toBe("done");
  expect(await state()).toMatchObject({ enrolled: people, completed: people, failed: 0 });
  const ids = await Promise.all(sink.accepted.map(async (mail) => (await mail.parse()).messageId));
  expect([ids.length, new Set(ids).size]).toEqual([2 * people, 2 * people]);
  const { unknownMessages, active, workers: alive } = (await clientOf(web).get("/api/queue")).body;
  expect({ unknownMessages, active, alive }).toEqual({ unknownMessages: 0, active: 0, alive: 2 });
  await expectTotalsToAddUp(app.db.owner);
});
