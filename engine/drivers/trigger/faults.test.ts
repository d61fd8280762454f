import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import pino from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDb, type TestDb } from "#test/db.ts";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { buildContact, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, node } from "#test/graphs.ts";
import { startTriggerFixture, type TriggerFixture } from "#test/trigger-fixture.ts";
import { joinHalves, performIn } from "#test/trigger-halves.ts";
import type { EngineDriver, QueuedJob, RunningJob } from "../../jobs/driver.ts";
import type { RunDriver } from "./run.ts";
import { openTriggerDev } from "./sdk.ts";
import { TriggerProblem } from "./service.ts";

// Faults between our rows and the runs of Trigger.dev. Nothing may be lost or done twice, and an alert tells of it.
let db: TestDb;
let fixture: TriggerFixture;
let driver: EngineDriver | undefined;
let runs: RunDriver | undefined;
let ran: string[] = [];
let logged: { level: number; msg: string }[] = [];
const log = pino({ level: "info" }, { write: (line: string) => void logged.push(JSON.parse(line)) });

beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());
beforeEach(async () => {
  fixture = await startTriggerFixture({ execute: performIn(() => runs), requests: undefined });
  ran = [];
  logged = [];
});
afterEach(async () => {
  fixture.fault = undefined;
  await driver?.stop();
  driver = undefined;
  await fixture.close();
  await db.owner.deleteFrom("workspaces").execute();
  await sql`truncate private.trigger_runs, private.trigger_troubles, private.trigger_relay`.execute(db.owner);
});

const idle = async () => {};
const job = (sendId: string, more: Partial<QueuedJob> = {}) =>
  ({ kind: "finish_stopped_send", sendId, from: 0, priority: 10, ...more }) as QueuedJob;

async function start(more: { secretKey?: string; run?: (job: RunningJob) => Promise<void> } = {}): Promise<EngineDriver> {
  const service = await openTriggerDev({ apiUrl: fixture.url, secretKey: more.secretKey ?? fixture.secretKey, timeoutMs: 1_000 });
  const begun = joinHalves(
    { db: db.owner, log, service, reconcileEveryMs: 50, firstLookSeconds: 0.3, overdueSeconds: 0.3, beginningSeconds: 0.2 },
    (half) => {
      runs = half;
    },
  );
  const run = async (given: RunningJob) => {
    if ("sendId" in given) ran.push(given.sendId);
    await more.run?.(given);
  };
  driver = begun;
  await begun.start({ run, wakeDue: idle, checkWorkers: idle, drainCalls: idle, beat: idle, signOff: idle });
  return begun;
}

const troubles = async () => {
  const rows = await db.owner.selectFrom("private.trigger_troubles").select(["code", "text"]).orderBy("code").execute();
  return Object.fromEntries(rows.map(({ code, text }) => [code, text]));
};
const waiting = async () => (await db.owner.selectFrom("private.trigger_runs").selectAll().execute()).length;

/** An execution of a small send whose wake-up is due. Nobody works on it but the runs of a test. */
async function buildDueExecution(workspaceId: string): Promise<string> {
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), node("end")));
  const contactId = await buildContact(db.owner, workspaceId);
  const { engine } = await startTestEngine(db.owner);
  const { executionId } = await engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  await engine.stop();
  return executionId as string;
}
const patient = { interval: 20 };

test("a key that the server does not know ends the start, and says which setting is wrong", async () => {
  const failure = await start({ secretKey: "tr_dev_somebodyelses" }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(TriggerProblem);
  expect((failure as TriggerProblem).message).toMatch(/does not know TRIGGER_SECRET_KEY: copy the secret key/);
  expect(fixture.runs.all.size).toBe(0);
});

test("a key that may not do what is needed ends the start, and says what it must be allowed", async () => {
  fixture.fault = () => 403;
  await expect(start()).rejects.toThrow(/use a key that may trigger, read and cancel runs and read queues/);
});

test("a task that is not deployed is told in one sentence at the start, and runs are made once it is", async () => {
  fixture.runs.isDeployed = false;
  const begun = await start();
  expect((await troubles()).not_deployed).toMatch(
    /has no task "trigger-workflow".*run "TRIGGER_PROJECT_REF=proj_… npx trigger\.dev@4\.8\.3 dev -a http:\/\/127/,
  );
  expect(logged.some(({ level, msg }) => level === 50 && msg.includes("trigger-workflow"))).toBe(true);
  await begun.wake(db.owner, [job("a")]);
  await expect.poll(() => fixture.runs.count("PENDING_VERSION"), patient).toBe(1);
  await begun.wake(db.owner, [job("b")]);
  await expect.poll(() => fixture.runs.count("PENDING_VERSION"), patient).toBe(2);
  expect([ran, fixture.runs.all.size], "one run for each, and none of them begins").toEqual([[], 2]);
  fixture.runs.deploy();
  await expect.poll(() => [...ran].sort(), patient).toEqual(["a", "b"]);
  await expect.poll(troubles, patient).toEqual({});
});

test.each([
  ["is down", "cut" as const],
  ["answers 500", 500],
  ["never answers", "hang" as const],
])("while the server %s a hand-over is quick and safe, the operator is told, and it is done when the server is back", async (_, fault) => {
  const begun = await start();
  fixture.fault = () => fault;
  await begun.wake(db.owner, [job("a")]);
  await expect
    .poll(async () => (await troubles()).unreachable, patient)
    .toMatch(/does not answer .*check that TRIGGER_API_URL is its address/);
  expect([ran, await waiting()]).toEqual([[], 1]);
  fixture.fault = undefined;
  await expect.poll(() => ran, patient).toEqual(["a"]);
  await expect.poll(troubles, patient).toEqual({});
  expect(await waiting()).toBe(0);
});

test("an answer that was lost on its way does not make a second run", async () => {
  const begun = await start();
  let lost = 0;
  const trigger = fixture.runs.trigger.bind(fixture.runs);
  // Taken over there, and the connection breaks before we hear of it.
  fixture.runs.trigger = (...args) => {
    const result = trigger(...args);
    lost += 1;
    if (lost === 1) throw new Error("cut off");
    return result;
  };
  await begun.wake(db.owner, [job("a")]);
  await expect.poll(() => ran, patient).toEqual(["a"]);
  await begun.wake(db.owner, [job("b")]);
  await expect.poll(() => ran, patient).toEqual(["a", "b"]);
  expect(fixture.runs.all.size).toBe(2);
});

test("a rate limit is waited for until the moment that the answer names", async () => {
  const { close } = fixture;
  fixture = await startTriggerFixture({ execute: performIn(() => runs), requests: { size: 4, perSecond: 2 } });
  await close();
  const begun = await start();
  await begun.wake(
    db.owner,
    Array.from({ length: 3 }, (_, i) => job(`a${i}`)),
  );
  for (let i = 0; i < 3; i += 1) await begun.wake(db.owner, [job(`b${i}`)]);
  await expect.poll(() => [...ran].sort(), { interval: 50 }).toEqual(["a0", "a1", "a2", "b0", "b1", "b2"]);
  expect(fixture.counts.limited).toBeGreaterThan(0);
  // Asked again now and then, not again and again.
  expect(fixture.counts.limited).toBeLessThan(12);
});

test("a batch of which nothing comes is found out, and each of it is done once", async () => {
  const begun = await start();
  fixture.losesBatches = true;
  const ids = Array.from({ length: 30 }, (_, i) => `x${i}`);
  await begun.wake(
    db.owner,
    ids.map((id) => job(id, { priority: 20 })),
  );
  await expect.poll(() => fixture.counts.batches).toBe(1);
  await expect.poll(() => [...ran].sort(), patient).toEqual([...ids].sort());
  fixture.losesBatches = false;
  await begun.wake(db.owner, [job("last")]);
  await expect.poll(() => ran.at(-1), patient).toBe("last");
  expect(ran).toHaveLength(31);
});

test("a delayed run that is never woken is replaced by another", async () => {
  const begun = await start();
  fixture.runs.losesDelayed = true;
  await begun.wake(db.owner, [job("a", { delayMs: 2_500 })]);
  await expect.poll(() => fixture.runs.count("DELAYED"), patient).toBe(1);
  await expect.poll(() => ran, patient).toEqual(["a"]);
  // The lost one was cancelled, so that it does not come to life one day; if it did, it would be stale.
  await expect.poll(() => [fixture.runs.count("CANCELED"), fixture.runs.count("COMPLETED")]).toEqual([1, 1]);
});

test.each(["CRASHED", "FAILED", "SYSTEM_FAILURE", "EXPIRED", "TIMED_OUT"])(
  "a run that ends as %s without having begun is replaced",
  async (status) => {
    const begun = await start();
    let first = true;
    fixture.runs.endInstead = () => {
      const end = first ? status : undefined;
      first = false;
      return end;
    };
    await begun.wake(db.owner, [job("a")]);
    await expect.poll(() => ran, patient).toEqual(["a"]);
    expect(fixture.runs.all.size).toBe(2);
  },
);

test("a run cancelled by somebody is replaced under another key: the first key would answer with the cancelled one", async () => {
  fixture.runs.isDeployed = false;
  const begun = await start();
  await begun.wake(db.owner, [job("a")]);
  await expect.poll(() => fixture.runs.all.size).toBe(1);
  const [cancelled] = fixture.runs.all.values();
  if (!cancelled) throw new Error("There is no run.");
  fixture.runs.cancel(cancelled);
  fixture.runs.deploy();
  await expect.poll(() => ran, patient).toEqual(["a"]);
  const keys = [...fixture.runs.all.values()].map(({ options }) => options.idempotencyKey);
  expect(new Set(keys).size).toBe(2);
  expect(fixture.runs.trigger("trigger-workflow", {}, cancelled.options)).toEqual({ run: cancelled, isCached: true });
});

test("work whose runs end again and again is asked for more and more seldom, and the operator is told what to look at", async () => {
  const begun = await start();
  fixture.runs.endInstead = () => "CRASHED";
  await begun.wake(db.owner, [job("a")]);
  await db.owner.updateTable("private.trigger_runs").set({ losses: 4 }).execute();
  await expect.poll(async () => (await troubles()).runs_fail, patient).toMatch(/CRASHED.*DATABASE_URL and MASTER_KEY are set/);
  // The fifth loss: 1,000 ms times four for each, up to the longest pause. Each pause is counted from its own loss.
  const { rows } = await sql<{ losses: number; pause: number }>`
    select losses, extract(epoch from due_at - now())::float8 as pause from private.trigger_runs`.execute(db.owner);
  expect(rows[0]?.losses).toBeGreaterThanOrEqual(5);
  expect(rows[0]?.pause, "seconds until it is asked for again").toBeGreaterThan(10);
  expect(await waiting()).toBe(1);
  fixture.runs.endInstead = undefined;
  // As if the time had passed.
  await sql`update private.trigger_runs set due_at = now(), sent_at = null, run_id = null, generation = generation + 1`.execute(db.owner);
  await expect.poll(() => ran, patient).toEqual(["a"]);
  await expect.poll(troubles, patient).toEqual({});
});

test("a run that executes there and never begins its work is renewed soon and cancelled, and a late beginning of it is stale", async () => {
  const begun = await start();
  fixture.runs.hangs = () => true;
  await begun.wake(db.owner, [job("a")]);
  await expect.poll(() => fixture.runs.count("EXECUTING"), patient).toBe(1);
  const [hung] = fixture.runs.all.values();
  fixture.runs.hangs = undefined;
  await expect.poll(() => ran, patient).toEqual(["a"]);
  await expect.poll(() => hung?.status, patient).toBe("CANCELED");
  expect(await performIn(() => runs)(hung?.payload, { runId: hung?.id as string, attempt: 1 })).toBe("stale");
  expect([ran, fixture.runs.all.size]).toEqual([["a"], 2]);
  expect(logged.some(({ msg }) => msg.includes("executes and has not begun"))).toBe(true);
});

test("the pause of an execution whose runs end again and again is kept, although its wake-up is due all the time", async () => {
  const workspaceId = await buildWorkspace(db.owner);
  const executionId = await buildDueExecution(workspaceId);
  fixture.runs.endInstead = () => "CRASHED";
  await start();
  const row = async () =>
    (
      await sql<{ losses: number; pause: number; sent: boolean }>`
        select losses, extract(epoch from due_at - now())::float8 as pause, sent_at is not null as sent
        from private.trigger_runs where execution_id = ${executionId}::uuid`.execute(db.owner)
    ).rows[0];
  await expect.poll(async () => (await row())?.sent, patient).toBe(true);
  await db.owner.updateTable("private.trigger_runs").set({ losses: 4 }).execute();
  await expect.poll(async () => (await row())?.losses, patient).toBe(5);
  const { requests } = fixture.counts;
  const crashed = fixture.runs.count("CRASHED");
  // A few rounds and looks later it waits still, here or as a run that is delayed there.
  await expect.poll(() => fixture.counts.requests, patient).toBeGreaterThan(requests + 5);
  expect((await row())?.losses).toBe(5);
  expect((await row())?.pause, "seconds until it is asked for again").toBeGreaterThan(500);
  expect(fixture.runs.count("CRASHED")).toBe(crashed);
});

test("a run that was asked for and is needless by now is not sent; one that was sent is cancelled, due or not", async () => {
  const workspaceId = await buildWorkspace(db.owner);
  const executionId = await buildDueExecution(workspaceId);
  // The execution of this one has ended before the run was sent.
  const over = { kind: "execution", workspaceId, executionId: randomUUID() };
  await sql`insert into private.trigger_runs (key, workspace_id, execution_id, job, priority, due_at)
    values (${`execution:${over.executionId}`}, ${workspaceId}, ${over.executionId}::uuid, ${JSON.stringify(over)}, 0,
      now() - interval '1 minute')`.execute(db.owner);
  fixture.runs.isDeployed = false;
  await start();
  await expect.poll(() => fixture.runs.count("PENDING_VERSION"), patient).toBe(1);
  await db.owner.deleteFrom("wake_ups").where("flow_execution_id", "=", executionId).execute();
  await expect.poll(() => fixture.runs.count("CANCELED"), patient).toBe(1);
  expect([await waiting(), fixture.runs.all.size]).toEqual([0, 1]);
});

test("a batch that is larger than the server's bucket is split, single runs go on beside it, and the operator is told of the limit", async () => {
  const { close } = fixture;
  fixture = await startTriggerFixture({ execute: performIn(() => runs), batchItems: { size: 150, perSecond: 100 } });
  await close();
  const begun = await start();
  const ids = Array.from({ length: 160 }, (_, i) => `x${i}`);
  const bulk = ids.map((id) => job(id, { priority: 20 }));
  await begun.wake(db.owner, bulk);
  await expect.poll(() => fixture.counts.limited, patient).toBeGreaterThan(0);
  await expect.poll(async () => (await troubles()).batch_limit, patient).toMatch(/batches.*its limit is 150 at once.*BATCH_RATE_LIMIT_MAX/);
  await begun.wake(db.owner, [job("single", { priority: 0 })]);
  await expect.poll(() => ran.includes("single"), patient).toBe(true);
  await expect.poll(() => ran.length, { interval: 20 }).toBe(161);
  expect(new Set(ran).size).toBe(161);
  // One refusal teaches the size. Trying the same batch at every look would be refused for ever.
  expect(fixture.counts.limited).toBeLessThan(5);
  expect(fixture.counts.batches).toBeGreaterThan(1);
});

test("a single run does not wait while batches of others are refused", async () => {
  const { close } = fixture;
  fixture = await startTriggerFixture({ execute: performIn(() => runs), batchItems: { size: 1, perSecond: 0.01 } });
  await close();
  const begun = await start();
  await begun.wake(
    db.owner,
    Array.from({ length: 60 }, (_, i) => job(`x${i}`)),
  );
  await expect.poll(() => fixture.counts.limited, patient).toBe(1);
  await expect.poll(() => new Set(ran).size, patient).toBe(60);
  expect(fixture.counts.limited).toBe(1);
});

test("a run whose process dies with work in hand is followed by another, which knows that it was begun before", async () => {
  const tries: number[] = [];
  let revive = () => {};
  const begun = await start({
    run: ({ tries: before }) => {
      tries.push(before);
      return before === 0 ? new Promise((resolve) => (revive = resolve)) : Promise.resolve();
    },
  });
  await begun.wake(db.owner, [job("a")]);
  await expect.poll(() => tries).toEqual([0]);
  await begun.release(db.owner, [begun.holder() as string]);
  await expect.poll(() => tries, patient).toEqual([0, 1]);
  await expect.poll(waiting).toBe(0);
  // The first one comes back to life: its hand-over was another's, and it changes nothing.
  revive();
  await expect.poll(() => fixture.runs.count("EXECUTING"), patient).toBe(0);
  expect([tries, await waiting()]).toEqual([[0, 1], 0]);
});

test("the attempt after one that threw goes on with the same row", async () => {
  let attempts = 0;
  const begun = await start({
    run: async () => {
      attempts += 1;
      if (attempts === 1) throw new Error("the database went away");
    },
  });
  await begun.wake(db.owner, [job("a")]);
  await expect.poll(() => attempts, patient).toBe(2);
  await expect.poll(waiting).toBe(0);
  await expect.poll(() => [...fixture.runs.all.values()].map(({ attempts: of, status }) => [of, status])).toEqual([[2, "COMPLETED"]]);
});

test("the same run delivered twice at once does its work once", async () => {
  const copiesEnded = Promise.withResolvers<void>();
  const begun = await start({ run: () => copiesEnded.promise });
  await begun.wake(db.owner, [job("a")]);
  // The first delivery has begun its work, and holds it until the copies have been answered.
  await expect.poll(() => ran, patient).toEqual(["a"]);
  const [run] = fixture.runs.all.values();
  const again = performIn(() => runs);
  const outcomes = await Promise.all([1, 2, 3].map((n) => again(run?.payload, { runId: `run_copy${n}`, attempt: 1 })));
  copiesEnded.resolve();
  await expect.poll(waiting, patient).toBe(0);
  expect(ran).toEqual(["a"]);
  expect(outcomes.filter((outcome) => outcome === "done").length).toBeLessThanOrEqual(1);
});

test("one process relays; another follows when it falls silent or leaves", async () => {
  const relaying = async () => (await sql<{ holder: string }>`select holder from private.trigger_relay`.execute(db.owner)).rows[0]?.holder;
  const first = await start();
  // The second is started when the first relays, or it may be the one.
  await expect.poll(relaying).toBeDefined();
  const before = await relaying();
  const service = await openTriggerDev({ apiUrl: fixture.url, secretKey: fixture.secretKey });
  const second = joinHalves({ db: db.owner, log, service }, () => {});
  await second.start({ run: idle, wakeDue: idle, checkWorkers: idle, drainCalls: idle, beat: idle, signOff: idle });
  await first.wake(db.owner, [job("a")]);
  await expect.poll(() => ran, patient).toEqual(["a"]);
  expect(await relaying()).toBe(before);
  await first.stop();
  driver = undefined;
  await expect.poll(async () => ![undefined, before].includes(await relaying()), patient).toBe(true);
  const after = await relaying();
  // A killed process leaves nothing behind but its lease.
  await sql`update private.trigger_relay set holder = 'killed', until = clock_timestamp() + interval '300 milliseconds'`.execute(db.owner);
  expect(await relaying()).toBe("killed");
  await expect.poll(relaying, patient).toBe(after);
  await second.stop();
});
