import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import type { JobCounts, QueuedJob } from "../jobs/driver.ts";
import { jobKey } from "../jobs/driver.ts";

/** The name under which graphile-worker knows our jobs. */
export const task = "sluice";
/** The engine itself hands a failed job over anew. The library tries again only a job for which that failed too. */
const maxAttempts = 1_000;

/** Hands over jobs in plain SQL in the caller's transaction, without a connection of the library. */
export async function addJobs(db: Db, jobs: readonly QueuedJob[]): Promise<void> {
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

/** The names under which jobs have been held for longer than `forSeconds`. */
export async function listHolders(db: Db, forSeconds: number): Promise<string[]> {
  const { rows } = await sql<{ locked_by: string }>`select distinct locked_by from graphile_worker.jobs
    where locked_by is not null and locked_at < clock_timestamp() - ${forSeconds}::float8 * interval '1 second'`.execute(db);
  return rows.map(({ locked_by }) => locked_by);
}

export async function countJobs(db: Db): Promise<JobCounts> {
  const { rows } = await sql<JobCounts>`
    select count(*) filter (where locked_at is null and run_at <= now())::int as ready, count(*) filter (where locked_at is not null)::int as running,
      count(*) filter (where locked_at is null and run_at > now())::int as delayed, count(*) filter (where last_error is not null)::int as failing
    from graphile_worker.jobs`.execute(db);
  return rows[0] as JobCounts;
}

/** Makes the jobs that dead processes hold available again, and announces `concurrency` of them to the other processes. */
export async function releaseJobs(db: Db, holders: readonly string[], concurrency: number): Promise<void> {
  await sql`select graphile_worker.force_unlock_workers(${[...holders]}::text[])`.execute(db);
  // The library does not announce jobs that are available again. Without this they wait for the next poll.
  await sql`select pg_notify('jobs:insert', json_build_object('r', random()::text, 'count', ${concurrency}::int)::text)`.execute(db);
}
