import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Runner, WorkerEvents } from "graphile-worker";
import { Logger as GraphileLogger, makeWorkerUtils, run, runMigrations } from "graphile-worker";
import type pg from "pg";
import type { Logger } from "pino";
import { createPool } from "#db/pool.ts";
import { giveUpSilence } from "#db/silent-connection.ts";
import { databaseClock } from "../base/clock.ts";
import type { EngineDriver, QueuedJob, RunningJob, Work } from "../jobs/driver.ts";
import { addJobs, countJobs, listHolders, releaseJobs, task } from "./graphile-rows.ts";
import { repeat } from "./repeat.ts";

export interface GraphileOptions {
  /** The owner's URL, direct or in session mode: it needs LISTEN. */
  connectionString: string;
  log: Logger;
  /** Jobs at a time in this process. Most of the time a job waits for the database or a provider. */
  concurrency?: number;
}

const wakeDueEveryMs = 250;
const checkWorkersEveryMs = 1_000;
/** New jobs are announced by NOTIFY. Polling finds the jobs whose delay is over. */
const pollEveryMs = 1_000;
/** A statement of the library takes milliseconds. One without an answer for this long is on a dead connection. */
const silentForMs = 30_000;
/** The server ends a statement before its connection is given up. */
const statementMs = 25_000;

/** A driver on graphile-worker in our own database: jobs are rows that are written in our transactions. */
export function createGraphileDriver({ connectionString, log, concurrency = 8 }: GraphileOptions): EngineDriver {
  const logger = toGraphileLogger(log);
  let waking: { stop(): Promise<void> } | undefined;
  let checking: { stop(): Promise<void> } | undefined;
  let isRunning = false;
  let runner: Runner | undefined;
  let holder: string | undefined;
  let stopping = false;
  let pool: pg.Pool | undefined;

  const lost = (error: Error) => log.warn({ reason: error.message }, "the job runner lost a database connection");

  /** A pool of our own, because the library's pool would wait for an answer for ever. */
  function openPool(): pg.Pool {
    const made = createPool({ connectionString, max: concurrency + 2, statement_timeout: statementMs }, lost);
    giveUpSilence(made, silentForMs);
    return made;
  }

  /** A pool for something that is done once. The library would make one without our settings. */
  async function withPool(use: (pgPool: pg.Pool) => Promise<void>): Promise<void> {
    const pgPool = createPool({ connectionString, max: 2 }, lost);
    try {
      await use(pgPool);
    } finally {
      await pgPool.end();
    }
  }

  async function startRunner(work: Work): Promise<void> {
    // The end of the former pool is not awaited, because one of its connections may hang until it is given up.
    void pool?.end().catch((error) => log.debug({ err: error }, "the job runner's former connections"));
    pool = openPool();
    const events: WorkerEvents = new EventEmitter();
    events.once("pool:create", ({ workerPool }) => {
      holder = workerPool.id;
    });
    runner = await run({
      pgPool: pool,
      concurrency,
      logger,
      events,
      noHandleSignals: true,
      pollInterval: pollEveryMs,
      parsedCronItems: [],
      // Without batches the library does not await the statement that ends a job, and a database that was away at that
      // moment ended the whole process. With batches it stops its runner instead, and keepRunning starts it again.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      taskList: {
        [task]: async (payload, { job }) => {
          const queued = payload as QueuedJob;
          const tries = (queued.tries ?? 0) + job.attempts - 1;
          await work.run({ ...queued, tries, failures: queued.failures ?? 0 } as RunningJob);
        },
      },
    });
    isRunning = true;
    runner.promise
      .catch((error) => log.error({ err: error }, "the job runner stopped"))
      .finally(() => {
        isRunning = false;
      });
  }

  /** Starts the runner again whenever it has stopped. It stops when the database is away for long. */
  async function keepRunning(work: Work): Promise<void> {
    while (!stopping) {
      await runner?.promise.catch(() => {});
      if (stopping) return;
      await sleep(1_000);
      const former = holder;
      try {
        await startRunner(work);
        if (former !== undefined) await releaseByOwnConnection([former]);
      } catch (error) {
        log.error({ err: error }, "the job runner could not be started again yet");
      }
    }
  }

  const releaseByOwnConnection = (holders: string[]) =>
    withPool(async (pgPool) => {
      const utils = await makeWorkerUtils({ pgPool, logger });
      try {
        await utils.forceUnlockWorkers(holders);
      } finally {
        await utils.release();
      }
    });

  return {
    clock: databaseClock,
    isRunning: () => isRunning,
    holder: () => holder,
    prepare: () => withPool((pgPool) => runMigrations({ pgPool, logger })),
    async start(work) {
      await startRunner(work);
      void keepRunning(work);
      waking = repeat("wake due", wakeDueEveryMs, () => work.wakeDue(), log);
      checking = repeat("check workers", checkWorkersEveryMs, () => work.checkWorkers(), log);
    },
    wake: addJobs,
    holders: listHolders,
    countJobs,
    release: (db, holders) => releaseJobs(db, holders, concurrency),
    async stop() {
      if (stopping) return;
      stopping = true;
      await waking?.stop();
      // The runner may have stopped when the database went away; then it has nothing left to finish.
      await runner?.stop().catch((error) => log.debug({ err: error }, "the job runner had stopped already"));
      // The heartbeat stops last. A worker that finishes its jobs is alive, and no other may take them.
      await checking?.stop();
      await pool?.end();
    },
  };
}

/** Passes on the library's warnings and errors. What it logs about every single job goes to the trace level. */
function toGraphileLogger(log: Logger): GraphileLogger {
  return new GraphileLogger(() => (level, message, meta) => {
    // The message alone: its errors carry whole connections with them.
    if (level === "error")
      log.error({ reason: meta?.error instanceof Error ? meta.error.message : undefined }, `graphile-worker: ${message}`);
    else if (level === "warning") log.warn(`graphile-worker: ${message}`);
    else log.trace(`graphile-worker: ${message}`);
  });
}
