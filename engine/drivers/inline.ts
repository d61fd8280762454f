import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Logger } from "pino";
import type { Db } from "#db/client.ts";
import type { TestClock } from "../base/clock.ts";
import { createTestClock } from "../base/clock.ts";
import type { EngineDriver, JobCounts, QueuedJob, RunningJob, Work } from "../jobs/driver.ts";
import { jobKey } from "../jobs/driver.ts";
import { repeat } from "./repeat.ts";

export interface InlineDriver extends EngineDriver {
  clock: TestClock;
  /** Runs every job that is due, one after the other, until none is. Returns how many were run. */
  runUntilIdle(): Promise<number>;
}

export interface InlineOptions {
  db: Db;
  log: Logger;
  /** Whether start() begins to run jobs that are due. Otherwise only runUntilIdle() runs them. */
  automatic?: boolean;
}

interface JobRow {
  id: number;
  job: QueuedJob;
  attempts: number;
}

/**
 * Runs jobs in the caller's process, one at a time, on a clock that can be turned forward. Tests use it. Its jobs are rows
 * too, so that they exist only if the transaction that hands them over commits.
 */
export function createInlineDriver({ db, log, automatic = false }: InlineOptions): InlineDriver {
  const clock = createTestClock();
  const holder = randomUUID();
  let work: Work | undefined;
  let loop: { stop(): Promise<void> } | undefined;

  async function takeNext(): Promise<JobRow | undefined> {
    const { rows } = await sql<JobRow>`
      update private.inline_jobs set key = null, holder = ${holder}, held_since = ${clock.now}, attempts = attempts + 1
      where id = (select id from private.inline_jobs where holder is null and run_at <= ${clock.now}
        order by priority, run_at, id limit 1 for update skip locked)
      returning id, job, attempts`.execute(db);
    return rows[0];
  }

  async function runNext({ run }: Work): Promise<boolean> {
    const row = await takeNext();
    if (!row) return false;
    const { job } = row;
    await run({ ...job, tries: (job.tries ?? 0) + row.attempts - 1, failures: job.failures ?? 0 } as RunningJob);
    await sql`delete from private.inline_jobs where id = ${row.id}`.execute(db);
    return true;
  }

  async function runUntilIdle(): Promise<number> {
    if (!work) throw new Error("The inline driver was not started");
    let count = 0;
    for (;;) {
      await work.wakeDue();
      let ran = 0;
      while (await runNext(work)) ran += 1;
      count += ran;
      if (ran === 0) return count;
    }
  }

  return {
    clock,
    isRunning: () => work !== undefined,
    holder: () => holder,
    async prepare() {
      await sql`create table if not exists private.inline_jobs (id bigint generated always as identity primary key, key text unique,
        job jsonb not null, priority integer not null, run_at timestamptz not null, attempts integer not null default 0, holder text,
        held_since timestamptz)`.execute(db);
    },
    async start(begun) {
      work = begun;
      if (automatic) loop = repeat("inline jobs", 5, async () => void (await runUntilIdle()), log);
    },
    runUntilIdle,
    async wake(tx, jobs) {
      const byKey = jobs.map((job) => ({ key: jobKey(job), ...job })).sort((a, b) => (a.key < b.key ? -1 : 1));
      for (const { key, delayMs = 0, ...job } of byKey) {
        await sql`insert into private.inline_jobs (key, job, priority, run_at)
          values (${key}, ${JSON.stringify(job)}::jsonb, ${job.priority}, ${clock.now} + ${delayMs}::float8 * interval '1 millisecond')
          on conflict (key) do update set job = excluded.job, priority = excluded.priority,
            run_at = least(inline_jobs.run_at, excluded.run_at)`.execute(tx);
      }
    },
    async holders(tx, forSeconds) {
      const { rows } = await sql<{ holder: string }>`select distinct holder from private.inline_jobs
        where holder is not null and held_since < ${clock.now} - ${forSeconds}::float8 * interval '1 second'`.execute(tx);
      return rows.map((row) => row.holder);
    },
    async countJobs(tx) {
      const { rows } = await sql<JobCounts>`
        select count(*) filter (where holder is null and run_at <= ${clock.now})::int as ready, count(holder)::int as running,
          count(*) filter (where holder is null and run_at > ${clock.now})::int as delayed,
          count(*) filter (where (job ->> 'failures')::int > 0)::int as failing
        from private.inline_jobs`.execute(tx);
      return rows[0] as JobCounts;
    },
    async release(tx, holders) {
      await sql`update private.inline_jobs set holder = null where holder = any(${[...holders]}::text[])`.execute(tx);
    },
    async stop() {
      await loop?.stop();
    },
  };
}
