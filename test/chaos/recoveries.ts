import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import { uuidArray } from "#engine/base/array.ts";
import type { Worker } from "./worker.ts";

/** A kill and the executions that the killed worker had claimed. */
export interface StrandedKill {
  at: Date;
  executionIds: string[];
}

/** Kills a worker and notes what it had claimed. Its turns stay in the database until another worker finds it dead. */
export async function noteKill(db: Db, worker: Worker): Promise<StrandedKill> {
  await worker.kill();
  const { rows } = await sql<{ at: Date; ids: string[] | null }>`
    with hands as (
      select t.id from private.turns t join private.workers w on w.id = t.worker_id where w.pid = ${worker.pid}
    ), taken as (
      select e.id from private.send_lanes l join hands h on h.id = l.turn_id
        join flow_executions e on e.send_id = l.send_id and e.seq >= l.from_seq and e.seq < coalesce(l.upto_seq, l.from_seq + 500)
        where e.status in ('pending', 'running') and e.wake_at is null
      union all select w.flow_execution_id from wake_ups w join hands h on h.id = w.turn_id
    )
    select clock_timestamp() as at, json_agg(id) as ids from taken`.execute(db);
  return { at: rows[0]?.at ?? new Date(), executionIds: rows[0]?.ids ?? [] };
}

/** Postgres still carries out a statement of the dead worker that was on its way. This does not count as progress. */
const afterMs = 200;

/** Seconds from each kill that stranded something to the first new step or message of any of its executions. */
export async function readRecoveries(db: Db, kills: readonly StrandedKill[]): Promise<number[]> {
  const seconds: number[] = [];
  for (const { at, executionIds } of kills.filter((kill) => kill.executionIds.length > 0)) {
    const from = new Date(at.getTime() + afterMs);
    const { rows } = await sql<{ first: Date | null }>`
      select min(moment) as first from (
        select min(created_at) as moment from messages where flow_execution_id = any(${uuidArray(executionIds)}::uuid[]) and created_at > ${from}
        union all select min(completed_at) from flow_execution_steps
          where flow_execution_id = any(${uuidArray(executionIds)}::uuid[]) and completed_at > ${from}) moments`.execute(db);
    const first = rows[0]?.first;
    seconds.push(first ? (first.getTime() - at.getTime()) / 1_000 : Number.POSITIVE_INFINITY);
  }
  return seconds;
}
