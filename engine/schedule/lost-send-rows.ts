import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";

export interface UnfinishedSend {
  id: string;
  expected: number;
  /** Contacts that were looked at. */
  done: number;
  is_enrolling: boolean;
  is_over: boolean;
}

/** Sends in which somebody pressed to send to those who can be reached now, and not all pages are done. */
export async function listHealing(db: Db): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from flow_sends where healing ->> 'stage' in ('left_out', 'messages') order by id limit 200`.execute(db);
  return rows.map(({ id }) => id);
}

/** Sends that are older than ten seconds and not enrolled, or not stopped, completely. Those that wait for an approval or a planned start are meant to. */
export async function listUnfinished(db: Db, clock: Clock): Promise<UnfinishedSend[]> {
  const { rows } = await sql<UnfinishedSend>`
    select id, expected, enrolled + not_enrolled as done, enrolled_at is null as is_enrolling, state in ('stopped', 'undone') as is_over
    from flow_sends
    where ended_at is null and (enrolled_at is null or state in ('stopped', 'undone')) and state <> 'awaiting_approval' and enroll_after is null
      and created_at < ${clock.now} - interval '10 seconds'
    order by created_at limit 200`.execute(db);
  return rows;
}
