import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import { numberArray, textArray, uuidArray } from "../../base/array.ts";
import type { Clock } from "../../base/clock.ts";
import type { Job, JobCounts, QueuedJob } from "../../jobs/driver.ts";
import { jobKey } from "../../jobs/driver.ts";

/** A run that was not triggered yet. */
export interface UnsentRun {
  id: string;
  generation: number;
  kind: Job["kind"];
  priority: number;
  workspaceId: string | null;
  executionId: string | null;
  flowId: string | null;
  sendId: string | null;
  dueAt: Date;
  /** Milliseconds until it is due by the database's clock; 0 when it is. */
  dueInMs: number;
}

/** A run that should have begun and has not. */
export interface OverdueRun extends UnsentRun {
  runId: string | null;
  losses: number;
  /** Seconds since it was due and was sent. */
  lateSeconds: number;
}

/** The pause after a run that was lost is not shortened. */
const newDue = sql`greatest(excluded.due_at, trigger_runs.not_before)`;
/** A later hand-over replaces the job of a row that waits. If it is due sooner than the run that was triggered, another run is asked for. */
const replaced = sql`
  on conflict (key) do update set job = excluded.job, priority = excluded.priority, due_at = least(trigger_runs.due_at, ${newDue}),
    generation = trigger_runs.generation + case when trigger_runs.sent_at is not null and ${newDue} < trigger_runs.due_at then 1 else 0 end,
    sent_at = case when ${newDue} < trigger_runs.due_at then null else trigger_runs.sent_at end,
    run_id = case when ${newDue} < trigger_runs.due_at then null else trigger_runs.run_id end
  where trigger_runs.job <> excluded.job or ${newDue} < trigger_runs.due_at`;

const uuidOf = (name: string) => sql`case when j.job ->> ${name} ~ '^[0-9a-f-]{36}$' then (j.job ->> ${name})::uuid end`;

/** Asks for a run of each of these jobs, in the caller's transaction. */
export async function askForRuns(db: Db, jobs: readonly QueuedJob[], clock: Clock): Promise<void> {
  // One row per key, and the rows in the order of their keys, so that two transactions never wait for each other.
  const byKey = new Map(jobs.map((job) => [jobKey(job), job]));
  const specs = [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { delayMs = 0, ...job }]) => ({ key, job, delay: delayMs, priority: job.priority }));
  if (specs.length === 0) return;
  await sql`
    insert into private.trigger_runs (key, workspace_id, execution_id, job, priority, due_at)
    select j.key, coalesce(j.job ->> 'workspaceId', (select s.workspace_id from flow_sends s where s.id = ${uuidOf("sendId")}),
        (select e.workspace_id from flow_executions e where e.id = ${uuidOf("executionId")})),
      case when j.job ->> 'kind' = 'execution' then ${uuidOf("executionId")} end, j.job, j.priority,
      ${clock.now} + j.delay * interval '1 millisecond'
    from jsonb_to_recordset(${JSON.stringify(specs)}::jsonb) as j (key text, job jsonb, delay float8, priority int)
    ${replaced}`.execute(db);
}

const columns = sql`r.id, r.generation, r.job ->> 'kind' as kind, r.priority, r.workspace_id as "workspaceId", r.execution_id as "executionId",
  e.flow_id as "flowId", coalesce(e.send_id::text, r.job ->> 'sendId') as "sendId", r.due_at as "dueAt"`;

/** A run that is due within this many seconds is left to the look that finds it due, because Trigger.dev's own delays are no finer. */
const momentSeconds = 2;

/** Lists unsent runs that are due now or within `aheadSeconds`, by priority. */
export async function listUnsent(
  db: Db,
  { aheadSeconds, limit }: { aheadSeconds: number; limit: number },
  clock: Clock,
): Promise<UnsentRun[]> {
  const { rows } = await sql<UnsentRun>`
    select ${columns}, greatest(0, extract(epoch from r.due_at - ${clock.now}) * 1000)::float8 as "dueInMs"
    from private.trigger_runs r left join flow_executions e on e.id = r.execution_id
    where r.sent_at is null and r.began_at is null and r.due_at <= ${clock.now} + ${aheadSeconds}::float8 * interval '1 second'
      and not (r.due_at > ${clock.now} and r.due_at <= ${clock.now} + ${momentSeconds} * interval '1 second')
    order by r.priority, r.due_at limit ${limit}`.execute(db);
  return rows;
}

/** Marks runs as sent. A row that was replaced or begun meanwhile stays as it is. */
export async function markSent(
  db: Db,
  sent: readonly { id: string; generation: number; runId: string | null }[],
  clock: Clock,
): Promise<void> {
  if (sent.length === 0) return;
  await sql`
    with taken as (
      update private.trigger_runs r set sent_at = ${clock.now}, run_id = i.run_id, looked_at = null
      from unnest(${uuidArray(sent.map(({ id }) => id))}::uuid[], ${numberArray(sent.map(({ generation }) => generation))}::int[],
        ${textArray(sent.map(({ runId }) => runId))}::text[]) as i (id, generation, run_id)
      where r.id = i.id and r.generation = i.generation and r.began_at is null
      returning r.execution_id, r.run_id
    )
    update flow_executions e set engine_run_id = t.run_id from taken t where e.id = t.execution_id and t.run_id is not null`.execute(db);
}

export type Beginning = { job: QueuedJob; tries: number } | { earlyMs: number } | undefined;

/**
 * Begins the job of a run. A later attempt of the same run takes over the job of the earlier attempt.
 *
 * @returns the job; `earlyMs`, when it is not due yet; undefined, when another run has begun it or was asked for since
 */
export async function beginRun(
  db: Db,
  run: { id: string; generation: number; runId: string; attempt: number; holder: string },
  clock: Clock,
): Promise<Beginning> {
  const which = sql`id = ${run.id}::uuid and generation = ${run.generation}
    and (began_at is null or run_id = ${run.runId} and attempt < ${run.attempt}::int)`;
  const begun = await sql<{ job: QueuedJob; tries: number }>`
    update private.trigger_runs set key = null, began_at = ${clock.now}, holder = ${run.holder}, run_id = ${run.runId},
      attempt = ${run.attempt}::int, tries = tries + 1
    where ${which} and due_at <= ${clock.now} returning job, tries`.execute(db);
  if (begun.rows[0]) return begun.rows[0];
  const early = await sql<{ earlyMs: number }>`
    select extract(epoch from due_at - ${clock.now})::float8 * 1000 as "earlyMs" from private.trigger_runs where ${which}`.execute(db);
  return early.rows[0];
}

export async function finishRun(db: Db, { id, generation }: { id: string; generation: number }): Promise<void> {
  await sql`delete from private.trigger_runs where id = ${id}::uuid and generation = ${generation}`.execute(db);
}

/**
 * Asks for another run, not before `delayMs`, because the run that was sent did nothing or will do nothing. Returns whether
 * it did: a run that has begun meanwhile, or was asked for anew by another, is left alone.
 */
export async function renewRun(
  db: Db,
  { id, generation, delayMs, isLoss }: { id: string; generation: number; delayMs: number; isLoss: boolean },
  clock: Clock,
): Promise<boolean> {
  const soonest = sql`${clock.now} + ${delayMs}::float8 * interval '1 millisecond'`;
  const { numAffectedRows } = await sql`
    update private.trigger_runs set generation = generation + 1, sent_at = null, run_id = null, losses = losses + ${isLoss ? 1 : 0}::int,
      due_at = greatest(due_at, ${soonest}), not_before = ${soonest}
    where id = ${id}::uuid and generation = ${generation} and began_at is null`.execute(db);
  return numAffectedRows === 1n;
}

/**
 * Lists runs that were sent, have been due for longer than `firstLookSeconds`, have not begun, and were not inspected for
 * `overdueSeconds`.
 */
export async function listOverdue(
  db: Db,
  { firstLookSeconds, overdueSeconds, limit }: { firstLookSeconds: number; overdueSeconds: number; limit: number },
  clock: Clock,
): Promise<OverdueRun[]> {
  const ago = (seconds: number) => sql`${clock.now} - ${seconds}::float8 * interval '1 second'`;
  const { rows } = await sql<OverdueRun>`
    select ${columns}, 0 as "dueInMs", r.run_id as "runId", r.losses,
      extract(epoch from ${clock.now} - greatest(r.due_at, r.sent_at))::float8 as "lateSeconds"
    from private.trigger_runs r left join flow_executions e on e.id = r.execution_id
    where r.sent_at is not null and r.began_at is null and r.due_at < ${ago(firstLookSeconds)} and r.sent_at < ${ago(firstLookSeconds)}
      and (r.looked_at is null or r.looked_at < ${ago(overdueSeconds)})
    order by r.due_at limit ${limit}`.execute(db);
  return rows;
}

/** Writes the id that Trigger.dev gave to a run. The answer to a batch does not tell the ids, so they are learned later. */
export async function noteRunId(db: Db, { id, generation, runId }: { id: string; generation: number; runId: string }): Promise<void> {
  await sql`update private.trigger_runs set run_id = ${runId} where id = ${id}::uuid and generation = ${generation} and began_at is null`.execute(
    db,
  );
}

/** Whether `atLeast` runs of one job have ended without beginning it. */
export async function hasLosses(db: Db, atLeast: number): Promise<boolean> {
  const { rows } = await sql`select 1 from private.trigger_runs where losses >= ${atLeast} limit 1`.execute(db);
  return rows.length > 0;
}

export async function markLookedAt(db: Db, { id, generation }: { id: string; generation: number }, clock: Clock): Promise<void> {
  await sql`update private.trigger_runs set looked_at = ${clock.now} where id = ${id}::uuid and generation = ${generation}`.execute(db);
}

export async function listRunHolders(db: Db, forSeconds: number): Promise<string[]> {
  const { rows } = await sql<{ holder: string }>`select distinct holder from private.trigger_runs
    where began_at < clock_timestamp() - ${forSeconds}::float8 * interval '1 second' and holder is not null`.execute(db);
  return rows.map(({ holder }) => holder);
}

/** Asks again for the runs that dead processes had begun. */
export async function releaseRuns(db: Db, holders: readonly string[]): Promise<void> {
  await sql`update private.trigger_runs set began_at = null, holder = null, attempt = null, sent_at = null, run_id = null,
    generation = generation + 1 where holder = any(${textArray(holders)}::text[])`.execute(db);
}

export async function countRuns(db: Db, clock: Clock): Promise<JobCounts> {
  const { rows } = await sql<JobCounts>`
    select count(*) filter (where began_at is null and due_at <= ${clock.now})::int as ready, count(began_at)::int as running,
      count(*) filter (where began_at is null and due_at > ${clock.now})::int as delayed,
      count(*) filter (where losses > 0 or (job ->> 'failures')::int > 0)::int as failing
    from private.trigger_runs`.execute(db);
  return rows[0] as JobCounts;
}
