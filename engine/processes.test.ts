import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { nodeRegistry } from "#nodes/registry.ts";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import { sendTo, silentLog } from "#test/engine.ts";
import { buildContact, buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { fakeProvider } from "#test/fake-provider.ts";
import { startFakeTwilio } from "#test/fake-twilio.ts";
import { chain, email, node, sms, wait } from "#test/graphs.ts";
import { expectTotalsToAddUp } from "#test/totals.ts";
import { createGraphileDriver } from "./drivers/graphile.ts";
import type { Engine } from "./engine.ts";
import { createEngine } from "./engine.ts";

// Real processes on the real driver. They take seconds: a worker is only dead when it has been silent for three.
let db: TestDb;
let folder: string;
const workers: ChildProcess[] = [];
const engines: Engine[] = [];
let workerEnv: Record<string, string> = {};
beforeAll(async () => {
  db = await createTestDb();
  folder = mkdtempSync(join(tmpdir(), "sluice-workers-"));
});
afterEach(async () => {
  for (const worker of workers.splice(0)) worker.kill("SIGKILL");
  workerEnv = {};
  await Promise.all(engines.splice(0).map((engine) => engine.stop()));
  await expectTotalsToAddUp(db.owner);
});
afterAll(async () => {
  await db.drop();
  rmSync(folder, { recursive: true, force: true });
});

const script = join(import.meta.dirname, "../test/engine-worker.ts");
let outboxes = 0;

function newOutbox() {
  outboxes += 1;
  const path = join(folder, `outbox-${outboxes}`);
  return {
    path,
    ids: () =>
      existsSync(path)
        ? readFileSync(path, "utf8")
            .trim()
            .split("\n")
            .map((line) => line.split(" ")[0])
        : [],
  };
}

async function startWorker(outbox: string, ...killAt: string[]): Promise<ChildProcess> {
  const worker = spawn(process.execPath, [script, db.ownerUrl, outbox, ...killAt], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...workerEnv },
  });
  workers.push(worker);
  await once(worker.stdout as NonNullable<typeof worker.stdout>, "data");
  return worker;
}

function apiEngine(): Engine {
  const driver = createGraphileDriver({ connectionString: db.ownerUrl, log: silentLog });
  const engine = createEngine({
    db: db.owner,
    nodes: nodeRegistry,
    providerFor: async (_, channel) => fakeProvider(channel),
    driver,
    log: silentLog,
  });
  return engine;
}

const endedOf = async (sendId: string) => {
  const send = await db.owner.selectFrom("flow_sends").selectAll().where("id", "=", sendId).executeTakeFirstOrThrow();
  return send.completed + send.failed + send.partial_failure + send.cancelled;
};

test("a process that only takes requests and two workers share one database", async () => {
  const engine = apiEngine();
  await engine.prepare();
  const workspaceId = await buildWorkspace(db.owner);
  await buildContacts(db.owner, workspaceId, 1_200);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), wait(1), email(), node("end")));
  const outbox = newOutbox();
  const both = await Promise.all([startWorker(outbox.path), startWorker(outbox.path)]);
  const { sendId } = await engine.createSend({
    ...sendTo(workspaceId, flowId, []),
    selection: { type: "filter", filter: { tests: [] }, excluded: [] },
  });
  await expect.poll(() => endedOf(sendId), { interval: 100 }).toBe(1_200);
  expect(outbox.ids()).toHaveLength(2_400);
  expect(new Set(outbox.ids()).size).toBe(2_400);
  // Told to end, they do, and sign off.
  for (const worker of both) worker.kill("SIGTERM");
  await Promise.all(both.map(async (worker) => worker.exitCode ?? (await once(worker, "exit"))));
  expect(both.map(({ exitCode, signalCode }) => ({ exitCode, signalCode }))).toEqual(Array(2).fill({ exitCode: 0, signalCode: null }));
  expect(await db.owner.selectFrom("private.workers").select("id").execute()).toEqual([]);
});

test.each([
  ["page-enrolled", "1"],
  ["messages-claimed", "2"],
  ["provider-answered", "60"],
  ["before-ring", "2"],
  ["saving", "1"],
  ["chunk-saved", "1"],
])("a worker killed at %s is found out and its work goes on, nothing sent twice", async (point, nth) => {
  const engine = apiEngine();
  await engine.prepare();
  const workspaceId = await buildWorkspace(db.owner);
  await buildContacts(db.owner, workspaceId, 700);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), email(), node("end")));
  const outbox = newOutbox();
  const victim = await startWorker(outbox.path, point, nth);
  const { sendId } = await engine.createSend({
    ...sendTo(workspaceId, flowId, []),
    selection: { type: "filter", filter: { tests: [] }, excluded: [] },
  });
  if (victim.signalCode === null) await once(victim, "exit");
  expect(victim.signalCode).toBe("SIGKILL");

  await startWorker(outbox.path);
  await expect.poll(() => endedOf(sendId), { interval: 200 }).toBe(700);
  expect(new Set(outbox.ids()).size, "doubled").toBe(outbox.ids().length);
  const send = await db.owner.selectFrom("flow_sends").selectAll().where("id", "=", sendId).executeTakeFirstOrThrow();
  const { unknown } = await db.owner
    .selectFrom("messages")
    .select(({ fn }) => fn.countAll<number>().as("unknown"))
    .where("send_id", "=", sendId)
    .where("status", "=", "unknown")
    .executeTakeFirstOrThrow();
  // At most one batch of 40 in each of the eight turns that a process may have was in doubt; those are held and visible, and
  // everybody else arrived.
  expect(unknown).toBeLessThanOrEqual(8 * 40);
  expect(send.failed).toBe(Number(unknown));
  expect(send.completed).toBe(700 - Number(unknown));
});

test.each(["hold", "resend"] as const)(
  "five workers killed one after the other around the calls of Twilio: under the rule %s everybody gets one message and nobody two",
  async (rule) => {
    const fake = await startFakeTwilio();
    const { url, accountSid, authToken } = fake;
    workerEnv = { FAKE_TWILIO: JSON.stringify({ url, accountSid, authToken }) };
    const engine = apiEngine();
    await engine.prepare();
    const workspaceId = await buildWorkspace(db.owner);
    await db.owner.updateTable("workspaces").set({ sms_in_doubt: rule }).where("id", "=", workspaceId).execute();
    await buildContacts(db.owner, workspaceId, 400);
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
    const { sendId } = await engine.createSend({
      ...sendTo(workspaceId, flowId, []),
      selection: { type: "filter", filter: { tests: [] }, excluded: [] },
    });
    const kills: [string, string][] = [
      ["provider-called", "23"],
      ["provider-answered", "17"],
      ["batch-answered", "1"],
      ["saving", "1"],
      ["messages-claimed", "2"],
    ];
    for (const kill of kills) {
      const victim = await startWorker(newOutbox().path, ...kill);
      if (victim.signalCode === null) await once(victim, "exit");
      expect(victim.signalCode).toBe("SIGKILL");
    }
    await startWorker(newOutbox().path);
    await expect.poll(() => endedOf(sendId), { interval: 200 }).toBe(400);
    const send = await db.owner.selectFrom("flow_sends").selectAll().where("id", "=", sendId).executeTakeFirstOrThrow();
    expect([send.completed, send.failed]).toEqual([400, 0]);
    expect([fake.messages.length, new Set(fake.messages.map(({ to }) => to)).size]).toEqual([400, 400]);
    await fake.stop();
  },
);

test("the first message of a send to one leaves soon after the request", async () => {
  const sms1 = fakeProvider("sms");
  const sentAt: number[] = [];
  sms1.answer(() => {
    sentAt.push(performance.now());
    return { outcome: "accepted", providerMessageId: "x" };
  });
  const driver = createGraphileDriver({ connectionString: db.ownerUrl, log: silentLog });
  const engine = createEngine({ db: db.owner, nodes: nodeRegistry, providerFor: async () => sms1, driver, log: silentLog });
  await engine.start();
  engines.push(engine);
  const workspaceId = await buildWorkspace(db.owner);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
  const contactId = await buildContact(db.owner, workspaceId);
  const delays: number[] = [];
  for (let i = 0; i < 21; i += 1) {
    const begun = performance.now();
    await engine.createSend(sendTo(workspaceId, flowId, [contactId]));
    await expect.poll(() => sentAt.length, { interval: 1 }).toBe(i + 1);
    delays.push((sentAt[i] as number) - begun);
  }
  const median = delays.sort((a, b) => a - b)[10] as number;
  // 150 ms is the promise, kept many times over on a quiet machine (the bench measures it); tests share theirs.
  expect(median).toBeLessThan(1_000);
  if (process.env.TEST_LOG) process.stdout.write(`median ${median.toFixed(1)} ms\n`);
});
