import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import type { JobCounts, QueuedJob } from "../jobs/driver.ts";
import { jobKey } from "../jobs/driver.ts";

export interface JobRow {
  id: number;
  job: QueuedJob;
  attempts: number;
}

/** Creates the table of jobs, which only databases with this driver have. */
export async function createJobTable(db: Db): Promise<void> {
  await sql`create table if not exists private.inline_jobs (id bigint generated always as identity primary key, key text unique,
    job jsonb not null, priority integer not null, run_at timestamptz not null, attempts integer not null default 0, holder text,
    held_since timestamptz)`.execute(db);
}

export async function addJobs(db: Db, jobs: readonly QueuedJob[], clock: Clock): Promise<void> {
  const byKey = jobs.map((job) => ({ key: jobKey(job), ...job })).sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const { key, delayMs = 0, ...job } of byKey) {
    await sql`insert into private.inline_jobs (key, job, priority, run_at)
      values (${key}, ${JSON.stringify(job)}::jsonb, ${job.priority}, ${clock.now} + ${delayMs}::float8 * interval '1 millisecond')
      on conflict (key) do update set job = excluded.job, priority = excluded.priority,
        run_at = least(inline_jobs.run_at, excluded.run_at)`.execute(db);
  }
}

/** Takes the next job that is due. It has no key any more, so the same job may be handed over again meanwhile. */
export async function takeNextJob(db: Db, holder: string, clock: Clock): Promise<JobRow | undefined> {
  const { rows } = await sql<JobRow>`
    update private.inline_jobs set key = null, holder = ${holder}, held_since = ${clock.now}, attempts = attempts + 1
    where id = (select id from private.inline_jobs where holder is null and run_at <= ${clock.now}
      order by priority, run_at, id limit 1 for update skip locked)
    returning id, job, attempts`.execute(db);
  return rows[0];
}

export async function deleteJob(db: Db, id: number): Promise<void> {
  await sql`delete from private.inline_jobs where id = ${id}`.execute(db);
}

/** The names under which jobs have been held for longer than `forSeconds`. */
export async function listHolders(db: Db, forSeconds: number, clock: Clock): Promise<string[]> {
  const { rows } = await sql<{ holder: string }>`select distinct holder from private.inline_jobs
    where holder is not null and held_since < ${clock.now} - ${forSeconds}::float8 * interval '1 second'`.execute(db);
  return rows.map((row) => row.holder);
}

export async function countJobs(db: Db, clock: Clock): Promise<JobCounts> {
  const { rows } = await sql<JobCounts>`
    select count(*) filter (where holder is null and run_at <= ${clock.now})::int as ready, count(holder)::int as running,
      count(*) filter (where holder is null and run_at > ${clock.now})::int as delayed,
      count(*) filter (where (job ->> 'failures')::int > 0)::int as failing
    from private.inline_jobs`.execute(db);
  return rows[0] as JobCounts;
}

export async function releaseJobs(db: Db, holders: readonly string[]): Promise<void> {
  await sql`update private.inline_jobs set holder = null where holder = any(${[...holders]}::text[])`.execute(db);
}
