import type { RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "#db/client.ts";

export interface StoppedSend {
  reason: Reason;
  enrolled: number;
  /** Whether the whole audience was looked at. */
  all_in: boolean;
}

/** A send that was stopped or undone and still has executions that have not ended. */
export async function readStoppedSend(db: Db, sendId: string): Promise<StoppedSend | undefined> {
  const { rows } = await sql<StoppedSend>`
    select case state when 'undone' then 'undone' else 'send_stopped' end as reason, enrolled, enrolled_at is not null as all_in
    from flow_sends where id = ${sendId}::uuid and state in ('stopped', 'undone') and ended_at is null`.execute(db);
  return rows[0];
}

/** Executions of a send by their place in it, `from` included and `to` not. */
export interface SeqRange {
  sendId: string;
  from: number;
  to: number;
}

/** A condition on `flow_executions e`. */
export const inSeqRange = ({ sendId, from, to }: SeqRange): RawBuilder<SqlBool> =>
  sql<SqlBool>`e.send_id = ${sendId}::uuid and e.seq >= ${from} and e.seq < ${to}`;

export async function listActive(db: Db, range: SeqRange): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select e.id from flow_executions e
    where ${inSeqRange(range)} and e.status in ('pending', 'running') order by e.seq`.execute(db);
  return rows.map(({ id }) => id);
}

/** The place of the first execution of a send that has not ended. */
export async function findFirstActive(db: Db, sendId: string): Promise<number | undefined> {
  const { rows } = await sql<{ seq: number }>`select e.seq from flow_executions e
    where e.send_id = ${sendId}::uuid and e.status in ('pending', 'running') order by e.seq limit 1`.execute(db);
  return rows[0]?.seq;
}
