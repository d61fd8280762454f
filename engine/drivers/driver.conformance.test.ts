import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import { silentLog } from "#test/engine.ts";
import { startTriggerFixture, type TriggerFixture } from "#test/trigger-fixture.ts";
import { joinHalves, performIn } from "#test/trigger-halves.ts";
import { liveTrigger, startLiveTrigger } from "#test/trigger-live.ts";
import type { EngineDriver, QueuedJob, RunningJob } from "../jobs/driver.ts";
import { createGraphileDriver } from "./graphile.ts";
import { createInlineDriver } from "./inline.ts";
import type { RunDriver } from "./trigger/run.ts";
import { openTriggerDev } from "./trigger/sdk.ts";
import type { RunService } from "./trigger/service.ts";

const liveName = "trigger.dev (live: TRIGGER_API_URL, TRIGGER_SECRET_KEY, TRIGGER_ACCESS_TOKEN)";

/** Runs at once in the queue for many, there as here. An environment of a server allows hundreds, which would all begin together. */
const bulkAtOnce = 1;

let db: TestDb;
let fixture: TriggerFixture;
let service: RunService;
let live: Awaited<ReturnType<typeof startLiveTrigger>> | undefined;
/** Runs are executed by whoever began last, as by the version that was deployed last. */
let latest: RunDriver | undefined;
beforeAll(async () => {
  db = await createTestDb();
  fixture = await startTriggerFixture({
    execute: performIn(() => latest),
    environmentLimit: 2,
    queues: { "sluice-single": 2, "sluice-bulk": bulkAtOnce },
  });
  service = await openTriggerDev({ apiUrl: fixture.url, secretKey: fixture.secretKey });
  if (liveTrigger)
    live = await startLiveTrigger(
      liveTrigger,
      performIn(() => latest),
    );
});
afterAll(async () => {
  await live?.stop();
  await Promise.race([fixture.close(), sleep(1_000)]);
  await db.drop();
});

const overTrigger = (of: RunService): EngineDriver =>
  joinHalves({ db: db.owner, log: silentLog, service: of }, (runs) => {
    latest = runs;
  });

const drivers: Record<string, () => EngineDriver> = {
  graphile: () => createGraphileDriver({ connectionString: db.ownerUrl, log: silentLog, concurrency: 2 }),
  inline: () => createInlineDriver({ db: db.owner, log: silentLog, automatic: true }),
  "trigger.dev (contract fixture)": () => overTrigger(service),
  [liveName]: () => overTrigger((live as NonNullable<typeof live>).service),
};

const page = (sendId: string, from: number, more: Partial<QueuedJob> = {}) =>
  ({ kind: "finish_stopped_send", sendId, from, priority: 10, ...more }) as QueuedJob;

describe.skipIf(liveTrigger === undefined).each([liveName])("the %s driver", { timeout: 300_000 }, behaves);
describe.each(Object.keys(drivers).filter((name) => name !== liveName))("the %s driver", behaves);

function behaves(name: string): void {
  /** A live server takes a second or more to begin a run. */
  const soon = { timeout: name === liveName ? 240_000 : 60_000, interval: 5 };
  const started: EngineDriver[] = [];
  const ran: RunningJob[] = [];

  async function prepare(): Promise<EngineDriver> {
    const driver = (drivers[name] as () => EngineDriver)();
    await driver.prepare();
    return driver;
  }

  async function start(run: (job: RunningJob) => Promise<void> = async () => {}): Promise<EngineDriver> {
    const driver = await prepare();
    started.push(driver);
    await driver.start({
      run: async (job) => {
        ran.push(job);
        await run(job);
      },
      wakeDue: async () => {},
      checkWorkers: async () => {},
      drainCalls: async () => {},
      beat: async () => {},
      signOff: async () => {},
    });
    return driver;
  }

  const sendsOf = (jobs: RunningJob[]) => jobs.flatMap((job) => ("sendId" in job && job.sendId !== "last" ? [job.sendId] : []));
  /** Waits until a job that was handed over last has run: whatever could run before it has been taken by then. */
  async function drained(driver: EngineDriver): Promise<void> {
    await driver.wake(db.owner, [page("last", 0, { priority: 90 })]);
    await expect.poll(() => ran.some((job) => "sendId" in job && job.sendId === "last"), soon).toBe(true);
  }

  /** Workers that count as dead. The test does not wait for them, but it ends them. */
  const buried: EngineDriver[] = [];
  afterAll(() => Promise.race([Promise.all(buried.map((driver) => driver.stop())), sleep(1_000)]));
  afterEach(async () => {
    await Promise.all(started.splice(0).map((driver) => driver.stop()));
    ran.length = 0;
    await db.owner.deleteFrom("private.trigger_runs").execute();
    await sql`do $$ begin
      if to_regclass('private.inline_jobs') is not null then delete from private.inline_jobs; end if;
      if to_regclass('graphile_worker._private_jobs') is not null then delete from graphile_worker._private_jobs; end if;
    end $$`.execute(db.owner);
  });

  test("does not run a job whose transaction was rolled back", async () => {
    const driver = await start();
    await db.owner
      .transaction()
      .execute(async (tx) => {
        await driver.wake(tx, [page("a", 0)]);
        throw new Error("rolled back");
      })
      .catch(() => {});
    await driver.wake(db.owner, [page("b", 0)]);
    // Where several runs start at once, the last job may begin before this one.
    await expect.poll(() => sendsOf(ran), soon).toEqual(["b"]);
    await drained(driver);
    expect(sendsOf(ran)).toEqual(["b"]);
  });

  test("runs a committed job once, soon, with what was handed over", async () => {
    const driver = await start();
    await driver.wake(db.owner, [page("a", 7, { tries: 2 })]);
    await expect.poll(() => ran.length, soon).toBe(1);
    expect(ran[0]).toMatchObject({ kind: "finish_stopped_send", sendId: "a", from: 7, tries: 2, failures: 0, priority: 10 });
    await drained(driver);
    expect(sendsOf(ran)).toEqual(["a"]);
  });

  test("keeps one job of a key: a later hand-over replaces the one that waits", async () => {
    const driver = await prepare();
    await driver.wake(db.owner, [page("a", 1), page("b", 1)]);
    await driver.wake(db.owner, [page("a", 2)]);
    await drained(await start());
    // Jobs run beside each other, so the last one may begin before one that was taken earlier.
    const done = () =>
      ran.flatMap((job) => (job.kind === "finish_stopped_send" && job.sendId !== "last" ? `${job.sendId}${job.from}` : [])).sort();
    await expect.poll(done, soon).toEqual(["a2", "b1"]);
  });

  test("runs the next job of a key that the running one hands over", async () => {
    const driver: EngineDriver = await start(async (job) => {
      if (job.kind === "finish_stopped_send" && job.from < 3)
        await db.owner.transaction().execute((tx) => driver.wake(tx, [page("a", job.from + 1)]));
    });
    await driver.wake(db.owner, [page("a", 0)]);
    await expect.poll(() => ran.length, soon).toBe(4);
    expect(ran.map((job) => job.kind === "finish_stopped_send" && job.from)).toEqual([0, 1, 2, 3]);
  });

  test("lets a job that waits keep its place when it is handed over again", async () => {
    const driver = await prepare();
    await driver.wake(db.owner, [page("a", 1)]);
    await driver.wake(db.owner, [page("a", 2, { delayMs: 60_000 })]);
    await start();
    await expect.poll(() => ran.length, soon).toBe(1);
  });

  test("takes another job of a key while one is running: whoever rings now is not overheard", async () => {
    let finish = () => {};
    const driver = await start((job) =>
      job.kind === "finish_stopped_send" && job.from === 0 ? new Promise((resolve) => (finish = resolve)) : Promise.resolve(),
    );
    await driver.wake(db.owner, [page("a", 0)]);
    await expect.poll(() => ran.length, soon).toBe(1);
    await driver.wake(db.owner, [page("a", 9)]);
    finish();
    await expect.poll(() => ran.length, soon).toBe(2);
  });

  test("takes small priorities first", async () => {
    const driver = await prepare();
    await driver.wake(db.owner, [
      page("bulk1", 0, { priority: 20 }),
      page("bulk2", 0, { priority: 20 }),
      page("single", 0, { priority: 0 }),
    ]);
    // As many as may run at once take their places and stay, until the one that is to be taken first has come. A driver that
    // let the others go first would never come to it: two run at a time, and on Trigger.dev one of the queue for many.
    const taken = Promise.withResolvers<void>();
    await start((job) => {
      if ("sendId" in job && job.sendId === "single") taken.resolve();
      return taken.promise;
    });
    await expect.poll(() => [...sendsOf(ran)].sort(), soon).toEqual(["bulk1", "bulk2", "single"]);
  });

  test("waits for as long as it was told", async () => {
    const driver = await start();
    const handedOver = performance.now();
    await driver.wake(db.owner, [page("a", 0, { delayMs: 400 })]);
    await expect.poll(() => ran.length, soon).toBe(1);
    // Half a second is the least; how much more it is depends on the machine. The clocks of two processes may differ a little.
    expect(performance.now() - handedOver).toBeGreaterThan(390);
  });

  test("frees what a dead process held, and says that it was begun before", async () => {
    const dead = await start(() => new Promise(() => {}));
    await dead.wake(db.owner, [page("a", 0)]);
    await expect.poll(() => ran.length, soon).toBe(1);
    // It never finishes: as good as dead, and not to be waited for at the end.
    buried.push(...started.splice(0));
    const living = await start();
    expect(living.holder()).not.toBe(dead.holder());
    await living.release(db.owner, [dead.holder() as string]);
    // No event tells that the lane is free again. The driver finds it by polling.
    await expect.poll(() => ran.length, soon).toBe(2);
    expect(ran[1]).toMatchObject({ from: 0, tries: 1 });
  });

  test("finishes the job in hand before it stops, and begins no other", async () => {
    const happened: string[] = [];
    let finish = () => {};
    const driver = await start(async (job) => {
      if (!("sendId" in job) || job.sendId !== "a") {
        happened.push("began another");
        return;
      }
      await new Promise<void>((resolve) => (finish = resolve));
      happened.push("finished");
    });
    await driver.wake(db.owner, [page("a", 0)]);
    await expect.poll(() => ran.length, soon).toBe(1);
    const stopped = driver.stop().then(() => happened.push("stopped"));
    finish();
    await stopped;
    await driver.wake(db.owner, [page("b", 0)]);
    // Jobs that are handed over afterwards are done by the next process, and by no other.
    await start();
    await expect.poll(() => sendsOf(ran), soon).toEqual(["a", "b"]);
    expect(happened).toEqual(["finished", "stopped"]);
  });
}
