import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Runner, WorkerEvents } from "graphile-worker";
import { Logger as GraphileLogger, makeWorkerUtils, run, runMigrations } from "graphile-worker";
import { sql } from "kysely";
import pg from "pg";
import type { Logger } from "pino";
import type { Db } from "#db/client.ts";
import { giveUpSilence } from "#db/silent-connection.ts";
import { databaseClock } from "../base/clock.ts";
import type { EngineDriver, JobCounts, QueuedJob, RunningJob, Work } from "../jobs/driver.ts";
import { jobKey } from "../jobs/driver.ts";
import { repeat } from "./repeat.ts";

export interface GraphileOptions {
  /** The owner's URL, direct or in session mode: it needs LISTEN. */
  connectionString: string;
  log: Logger;
  /** Jobs at a time in this process. They mostly wait, for the database or a provider. */
  concurrency?: number;
}

const task = "sluice";
const wakeDueEveryMs = 250;
const checkWorkersEveryMs = 1_000;
/** New jobs come by NOTIFY; this only finds those whose delay is over. */
const pollEveryMs = 1_000;
/** Trying again is our own affair; only a job that could not even be handed over anew is tried again by the library. */
const maxAttempts = 1_000;
/** The library asks for a job or ends one: what takes longer than this will not be answered any more. */
const silentForMs = 30_000;

/** graphile-worker in our own database: jobs are rows that are written in our transactions. */
export function createGraphileDriver({ connectionString, log, concurrency = 8 }: GraphileOptions): EngineDriver {
  const logger = toGraphileLogger(log);
  let waking: { stop(): Promise<void> } | undefined;
  let checking: { stop(): Promise<void> } | undefined;
  let isRunning = false;
  let runner: Runner | undefined;
  let holder: string | undefined;
  let stopping = false;
  let pool: pg.Pool | undefined;

  /** Ours and not the library's, which would wait for an answer for ever. */
  function openPool(): pg.Pool {
    const made = new pg.Pool({ connectionString, max: concurrency + 2, keepAlive: true, keepAliveInitialDelayMillis: 10_000 });
    const lost = (error: Error) => log.warn({ reason: error.message }, "the job runner lost a database connection");
    made.on("error", lost);
    made.on("connect", (client) => client.on("error", lost));
    giveUpSilence(made, silentForMs);
    return made;
  }

  async function startRunner(work: Work): Promise<void> {
    // Not awaited: of the pool before, a connection may still be given up.
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
      // One by one, the library lets go of the promise that a job's end is written, and a database that is away at that
      // moment ended the whole process. In batches it stops its runner instead, and we start it again (keepRunning).
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

  /** The library gives up when the database is away for long; the process goes on and so does its work. */
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

  async function releaseByOwnConnection(holders: string[]): Promise<void> {
    const utils = await makeWorkerUtils({ connectionString, logger });
    try {
      await utils.forceUnlockWorkers(holders);
    } finally {
      await utils.release();
    }
  }

  return {
    clock: databaseClock,
    isRunning: () => isRunning,
    holder: () => holder,
    prepare: () => runMigrations({ connectionString, logger }),
    async start(work) {
      await startRunner(work);
      void keepRunning(work);
      waking = repeat("wake due", wakeDueEveryMs, () => work.wakeDue(), log);
      checking = repeat("check workers", checkWorkersEveryMs, () => work.checkWorkers(), log);
    },
    wake,
    async holders(db, forSeconds) {
      const { rows } = await sql<{ locked_by: string }>`select distinct locked_by from graphile_worker.jobs
        where locked_by is not null and locked_at < clock_timestamp() - ${forSeconds}::float8 * interval '1 second'`.execute(db);
      return rows.map(({ locked_by }) => locked_by);
    },
    async countJobs(db) {
      const { rows } = await sql<JobCounts>`
        select count(*) filter (where locked_at is null and run_at <= now())::int as ready, count(*) filter (where locked_at is not null)::int as running,
          count(*) filter (where locked_at is null and run_at > now())::int as delayed, count(*) filter (where last_error is not null)::int as failing
        from graphile_worker.jobs`.execute(db);
      return rows[0] as JobCounts;
    },
    async release(db, holders) {
      await sql`select graphile_worker.force_unlock_workers(${[...holders]}::text[])`.execute(db);
      // The library tells nobody about jobs that are free again; without this they wait for the next look.
      await sql`select pg_notify('jobs:insert', json_build_object('r', random()::text, 'count', ${concurrency}::int)::text)`.execute(db);
    },
    async stop() {
      if (stopping) return;
      stopping = true;
      await waking?.stop();
      // It may have stopped by itself when the database went away; then there is nothing left to finish.
      await runner?.stop().catch((error) => log.debug({ err: error }, "the job runner had stopped already"));
      // Last: a worker that finishes what it holds is alive, and nobody is to take it from its hands.
      await checking?.stop();
      await pool?.end();
    },
  };
}

/** In the caller's transaction, in plain SQL: no connection of the library's own takes part. */
async function wake(db: Db, jobs: readonly QueuedJob[]): Promise<void> {
  if (jobs.length === 0) return;
  const specs = jobs.map(({ delayMs = 0, ...job }) => ({ payload: job, delay: delayMs, key: jobKey(job), priority: job.priority }));
  // In the order of their keys, so that two hand-overs of the same jobs lock them in the same order.
  specs.sort((a, b) => (a.key < b.key ? -1 : 1));
  // The last argument: a job that waits keeps its place in the queue.
  await sql`select graphile_worker.add_jobs(array(
    select (${task}, j.payload, null, now() + j.delay * interval '1 millisecond', ${maxAttempts}::smallint, j.key, j.priority::smallint,
      null)::graphile_worker.job_spec
    from json_to_recordset(${JSON.stringify(specs)}::json) as j (payload json, delay float8, key text, priority int)), true)`.execute(db);
}

/** What it says about every job is noise here; what goes wrong is not. */
function toGraphileLogger(log: Logger): GraphileLogger {
  return new GraphileLogger(() => (level, message, meta) => {
    // The message alone: its errors carry whole connections with them.
    if (level === "error")
      log.error({ reason: meta?.error instanceof Error ? meta.error.message : undefined }, `graphile-worker: ${message}`);
    else if (level === "warning") log.warn(`graphile-worker: ${message}`);
    else log.trace(`graphile-worker: ${message}`);
  });
}
