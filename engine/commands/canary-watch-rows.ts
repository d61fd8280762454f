import { sql } from "kysely";
import { namesThatStay } from "#channels/stays-here.ts";
import { capturedMessages } from "#contract/executions.ts";
import { type CanaryFinding, CanarySeen, nothingSeen } from "#contract/send-canary.ts";
import type { Db, Tx } from "#db/client.ts";
import { answersToSend, sendEvents } from "#db/queries/send-events.ts";
import { textArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import type { WatchedCanary } from "./judge-canary.ts";

export interface OpenCanary extends WatchedCanary {
  sendId: string;
  workspaceId: string;
  lanes: number;
  isHeld: boolean;
  /** By the engine's clock, in milliseconds since 1970. */
  now: number;
}

interface Row {
  send_id: string;
  workspace_id: string;
  lanes: number;
  minutes: number;
  failure_percent: number;
  opt_out_percent: number;
  has_messages: boolean;
  few: number;
  seen: unknown;
  watched_since: Date | null;
  held_at: Date | null;
  now: Date;
}

const columns = sql`k.send_id, k.workspace_id, s.lanes, k.minutes, k.failure_percent, k.opt_out_percent, k.has_messages, k.few, k.seen,
  k.watched_since, k.held_at`;

const toCanary = (row: Row): OpenCanary => ({
  sendId: row.send_id,
  workspaceId: row.workspace_id,
  lanes: row.lanes,
  minutes: row.minutes,
  failurePercent: row.failure_percent,
  optOutPercent: row.opt_out_percent,
  hasMessages: row.has_messages,
  few: row.few,
  seen: CanarySeen.safeParse(row.seen).data ?? nothingSeen,
  watchedSince: row.watched_since?.getTime() ?? null,
  isHeld: row.held_at !== null,
  now: row.now.getTime(),
});

/** Sends whose few are under way. Where a send is paused, nothing is decided. */
export async function listOpenCanaries(db: Db, clock: Clock): Promise<OpenCanary[]> {
  const { rows } = await sql<Row>`
    select ${columns}, ${clock.now} as now from send_canaries k join flow_sends s on s.id = k.send_id
    where k.opened_at is null and k.few is not null and s.state = 'canary' order by k.send_id`.execute(db);
  return rows.map(toCanary);
}

/** Reads one again under the lock of its send. */
export async function readOpenCanary(tx: Tx, sendId: string, clock: Clock): Promise<OpenCanary | undefined> {
  const { rows } = await sql<Row>`
    select ${columns}, ${clock.now} as now from send_canaries k join flow_sends s on s.id = k.send_id
    where k.send_id = ${sendId}::uuid and k.opened_at is null and k.few is not null and s.state = 'canary'`.execute(tx);
  return rows.map(toCanary)[0];
}

/**
 * Counts what was seen of the few of a send. What came back and who opted out are the events that the chart of a send draws; a step
 * counts as failed as soon as it has, and not only when its contact has come to the end.
 */
export async function countSeen(db: Db, { workspaceId, sendId }: Pick<OpenCanary, "workspaceId" | "sendId">): Promise<CanarySeen> {
  const of = sql`select id from few`;
  const { rows } = await sql<CanarySeen>`
    with few as materialized (
      select flow_execution_id as id from canary_executions where send_id = ${sendId}::uuid
    ), events as materialized (
      ${sendEvents({ workspaceId, sendId, keptBy: namesThatStay, of })}
    ), doubtful as materialized (
      select distinct flow_execution_id from (${answersToSend({ workspaceId, sendId, of })}) a where word = 'maybe_stop'
    ), each as materialized (
      select e.status, e.started_at is not null or e.status <> 'pending' as begun, e.status not in ('pending', 'running') as ended,
        e.reached or coalesce(e.missed && ${textArray(capturedMessages)}::text[], false) as sent, coalesce(cardinality(e.missed), 0) > 0 as missed,
        e.waiting_for in ('window', 'pace', 'capacity') or exists (
          select from messages m where m.flow_execution_id = e.id and m.status in ('queued', 'sending')) as waiting,
        exists (select from events v where v.flow_execution_id = e.id and v.kind in ('failed', 'undelivered') and v.at is not null)
          or exists (select from flow_execution_steps p where p.flow_execution_id = e.id and p.status = 'failed' and not p.is_retried
            and not exists (select from flow_execution_steps q
              where q.flow_execution_id = e.id and q.visit = p.visit and q.attempt > p.attempt)) as failed,
        exists (select from events v where v.flow_execution_id = e.id and v.kind = 'optedOut') as opted_out,
        exists (select from doubtful d where d.flow_execution_id = e.id) as maybe_stop
      from few join flow_executions e on e.id = few.id
    )
    select count(*) filter (where begun)::int as begun, count(*) filter (where ended)::int as ended, count(*) filter (where sent)::int as sent,
      count(*) filter (where missed and not sent and not failed)::int as skipped, count(*) filter (where waiting and not ended)::int as waiting,
      count(*) filter (where failed)::int as failed, count(*) filter (where opted_out)::int as "optedOut",
      count(*) filter (where maybe_stop and not opted_out)::int as "maybeStop"
    from each`.execute(db);
  return rows[0] ?? nothingSeen;
}

/** Writes what was seen, and since when they are watched, which stays what it was. */
export async function writeSeen(
  db: Db,
  sendId: string,
  { seen, watchedSince }: { seen: CanarySeen; watchedSince: number | null },
): Promise<void> {
  await sql`
    update send_canaries set seen = ${JSON.stringify(seen)}::jsonb,
      watched_since = coalesce(watched_since, to_timestamp(${watchedSince === null ? null : watchedSince / 1000}::float8))
    where send_id = ${sendId}::uuid and opened_at is null`.execute(db);
}

/** Holds the rest of a send, and tells the members of its workspace. */
export async function writeHeld(
  tx: Tx,
  { sendId, workspaceId }: OpenCanary,
  findings: readonly CanaryFinding[],
  clock: Clock,
): Promise<void> {
  await sql`
    with held as (
      update send_canaries set held_at = ${clock.now}, held_for = ${JSON.stringify(findings)}::jsonb where send_id = ${sendId}::uuid
    )
    insert into notices (workspace_id, kind, cause, send_id) values (${workspaceId}, 'canary_held', ${sendId}, ${sendId}::uuid)
    on conflict (workspace_id, kind, cause) do update set times = notices.times + 1, last_at = excluded.last_at`.execute(tx);
}

export async function hasCanary(tx: Tx, sendId: string): Promise<boolean> {
  const row = await tx.selectFrom("send_canaries").select("send_id").where("send_id", "=", sendId).executeTakeFirst();
  return row !== undefined;
}
