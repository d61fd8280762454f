import { sql } from "kysely";
import type { WaitingFor } from "#contract/executions.ts";
import type { Db, Tx } from "#db/client.ts";
import { waitsBehindFew } from "#db/queries/send-going.ts";
import { uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";

/** One execution of a contact that goes on, and until when it rests. */
export interface RestRow {
  id: string;
  contact_id: string;
  flow_id: string;
  flow_name: string;
  is_test: boolean;
  is_paused: boolean;
  /** The few of its send have shown something, and a person has to decide whether the rest follows. */
  is_held: boolean;
  visit: number;
  attempt: number;
  waiting_for: WaitingFor | null;
  since: Date | null;
  until: Date | null;
  is_leaving: boolean;
}

/** A person waits for the answer. */
const longestMs = 10_000;

/** Runs work in a transaction that can write nothing, and sees one moment. */
export function readOnly<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await sql.raw(`set transaction isolation level repeatable read, read only; set local statement_timeout = ${longestMs}`).execute(tx);
    return work(tx);
  });
}

/**
 * The flows in which contacts are now, whoever goes on first at the head. One that begins later waits for its send. What waits behind
 * the few of a send (`waiting_for: hold`) goes on when these are checked at the earliest.
 */
export async function readRests(
  tx: Tx,
  { workspaceId, contactIds, limit }: { workspaceId: string; contactIds: readonly string[]; limit: number },
  clock: Clock,
): Promise<RestRow[]> {
  const { rows } = await sql<RestRow>`
    select e.id, e.contact_id, e.flow_id, f.name as flow_name, s.is_test, s.state = 'paused' as is_paused, behind.held_at is not null as is_held,
      e.visit, e.attempt, case when behind.send_id is not null then 'hold' else e.waiting_for end as waiting_for,
      k.started_at as since, e.cancel_reason is not null or e.skipped_visit is not distinct from e.visit as is_leaving,
      case when e.waiting_for in ('event', 'reply') then k.wake_at
        when behind.send_id is not null then greatest(e.wake_at, s.start_at, behind.checked_at)
        else coalesce(e.wake_at, nullif(greatest(s.start_at, s.undo_until, s.next_at, ${clock.now}), ${clock.now})) end as until
    from flow_executions e
    join flow_sends s on s.workspace_id = e.workspace_id and s.id = e.send_id
    join flows f on f.workspace_id = e.workspace_id and f.id = e.flow_id
    left join flow_execution_steps k on k.flow_execution_id = e.id and k.visit = e.visit and k.attempt = e.attempt and k.status = 'waiting'
    left join lateral (
      select c.send_id, c.held_at,
        coalesce(c.watched_since, greatest(s.start_at, s.undo_until, ${clock.now})) + c.minutes * interval '1 minute' as checked_at
      from send_canaries c where c.send_id = s.id and ${waitsBehindFew({ execution: "e", send: "s" })}
    ) behind on true
    where e.workspace_id = ${workspaceId} and e.contact_id = any(${uuidArray(contactIds)}::uuid[]) and e.status in ('pending', 'running')
    order by until nulls first, e.id limit ${limit}`.execute(tx);
  return rows;
}
