import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import { silentLog } from "#test/engine.ts";
import type { EngineDriver, QueuedJob, RunningJob } from "./driver.ts";
import { createGraphileDriver } from "./graphile.ts";
import { createInlineDriver } from "./inline.ts";

let db: TestDb;
beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

const drivers: Record<string, () => EngineDriver> = {
  graphile: () => createGraphileDriver({ connectionString: db.ownerUrl, log: silentLog, concurrency: 2 }),
  inline: () => createInlineDriver({ db: db.owner, log: silentLog, automatic: true }),
};

const lane = (sendId: string, chunk: number, more: Partial<QueuedJob> = {}) =>
  ({ kind: "lane", sendId, lane: 0, chunk, priority: 10, ...more }) as QueuedJob;
const advance = (...executionIds: string[]): QueuedJob => ({ kind: "advance", executionIds, priority: 10 });

describe.each(Object.keys(drivers))("the %s driver", (name) => {
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
      timers: async () => 0,
      reap: async () => {},
    });
    return driver;
  }

  afterEach(async () => {
    await Promise.all(started.splice(0).map((driver) => driver.stop()));
    ran.length = 0;
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
        await driver.wake(tx, [lane("a", 0)]);
        throw new Error("rolled back");
      })
      .catch(() => {});
    await driver.wake(db.owner, [lane("b", 0)]);
    await expect.poll(() => ran.length).toBe(1);
    await sleep(100);
    expect(ran.map((job) => "sendId" in job && job.sendId)).toEqual(["b"]);
  });

  test("runs a committed job once, soon, with what was handed over", async () => {
    const driver = await start();
    const begun = performance.now();
    await driver.wake(db.owner, [lane("a", 7, { tries: 2 })]);
    await expect.poll(() => ran.length, { interval: 2 }).toBe(1);
    expect(performance.now() - begun).toBeLessThan(500);
    expect(ran[0]).toMatchObject({ kind: "lane", sendId: "a", chunk: 7, tries: 2, failures: 0, priority: 10 });
    await sleep(100);
    expect(ran).toHaveLength(1);
  });

  test("keeps one job of a key: a later hand-over replaces the one that waits", async () => {
    const driver = await prepare();
    await driver.wake(db.owner, [lane("a", 1), lane("b", 1)]);
    await driver.wake(db.owner, [lane("a", 2)]);
    await driver.wake(db.owner, [lane("a", 3)], { onlyIfAbsent: true });
    await start();
    await expect.poll(() => ran.length).toBe(2);
    await sleep(100);
    expect(ran.map((job) => (job.kind === "lane" ? `${job.sendId}${job.chunk}` : "")).sort()).toEqual(["a2", "b1"]);
  });

  test("takes jobs without a key as many as they are", async () => {
    const driver = await start();
    await driver.wake(db.owner, [advance("x"), advance("y"), advance("x")]);
    await expect.poll(() => ran.length).toBe(3);
  });

  test("runs the next job of a key that the running one hands over", async () => {
    const driver: EngineDriver = await start(async (job) => {
      if (job.kind === "lane" && job.chunk < 3) await db.owner.transaction().execute((tx) => driver.wake(tx, [lane("a", job.chunk + 1)]));
    });
    await driver.wake(db.owner, [lane("a", 0)]);
    await expect.poll(() => ran.length).toBe(4);
    expect(ran.map((job) => job.kind === "lane" && job.chunk)).toEqual([0, 1, 2, 3]);
  });

  test("leaves a running job alone when a hand-over asks for one only if absent", async () => {
    let finish = () => {};
    const driver = await start(() => new Promise((resolve) => (finish = resolve)));
    await driver.wake(db.owner, [lane("a", 0)]);
    await expect.poll(() => ran.length).toBe(1);
    await driver.wake(db.owner, [lane("a", 9)], { onlyIfAbsent: true });
    finish();
    await sleep(150);
    expect(ran).toHaveLength(1);
  });

  test("takes small priorities first", async () => {
    const driver = await prepare();
    await driver.wake(db.owner, [
      lane("bulk1", 0, { priority: 20 }),
      lane("bulk2", 0, { priority: 20 }),
      lane("single", 0, { priority: 0 }),
    ]);
    await start();
    await expect.poll(() => ran.length).toBe(3);
    // The graphile driver takes two at a time, so among the first two.
    expect(ran.slice(0, name === "inline" ? 1 : 2).map((job) => "sendId" in job && job.sendId)).toContain("single");
  });

  test("waits for as long as it was told", async () => {
    const driver = await start();
    await driver.wake(db.owner, [lane("a", 0, { delayMs: 400 })]);
    await sleep(250);
    expect(ran).toHaveLength(0);
    await expect.poll(() => ran.length, { timeout: 3_000 }).toBe(1);
  });

  test("takes back the jobs of a send that have not begun, and no other's", async () => {
    const driver = await prepare();
    await driver.wake(db.owner, [lane("a", 0), lane("b", 0), { kind: "enroll", sendId: "a", after: null, done: 0, priority: 1 }]);
    await driver.cancel(db.owner, "a", 4);
    await start();
    await expect.poll(() => ran.length).toBe(1);
    await sleep(100);
    expect(ran.map((job) => "sendId" in job && job.sendId)).toEqual(["b"]);
  });

  test("frees what a dead process held, and says that it was begun before", async () => {
    const dead = await start(() => new Promise(() => {}));
    await dead.wake(db.owner, [lane("a", 0)]);
    await expect.poll(() => ran.length).toBe(1);
    // It never finishes: as good as dead, and not to be waited for at the end.
    started.length = 0;
    const living = await start();
    expect(living.holder()).not.toBe(dead.holder());
    await living.release(db.owner, [dead.holder() as string]);
    // Nobody is told that it is free again; it is found by looking.
    await expect.poll(() => ran.length, { timeout: 4_000 }).toBe(2);
    expect(ran[1]).toMatchObject({ chunk: 0, tries: 1 });
  });

  test("finishes the job in hand before it stops, and begins no other", async () => {
    let finished = 0;
    const driver = await start(async () => {
      await sleep(200);
      finished += 1;
    });
    await driver.wake(db.owner, [lane("a", 0)]);
    await expect.poll(() => ran.length).toBe(1);
    const begun = performance.now();
    await driver.stop();
    expect(finished).toBe(1);
    expect(performance.now() - begun).toBeLessThan(2_000);
    await driver.wake(db.owner, [lane("b", 0)]);
    await sleep(150);
    expect(ran).toHaveLength(1);
  });
});
