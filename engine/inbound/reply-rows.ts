import { sql } from "kysely";
import type { WaitingFor } from "#contract/executions.ts";
import type { Channel } from "#contract/messages.ts";
import type { Db, Tx } from "#db/client.ts";
import { numberArray, uuidArray } from "../base/array.ts";

/** An execution that is under way for somebody who wrote, and what it has written to them. */
export interface OpenExecution {
  id: string;
  contact_id: string;
  flow_version_id: string;
  current_node_id: string | null;
  waiting_for: WaitingFor | null;
  /** The visit of its last message that left; null where none has. */
  last_visit: number | null;
  /** When that message was made. */
  wrote_at: Date | null;
  /** The addresses of ours that it has written from. */
  senders: string[];
}

const hasLeft = sql`m.status in ('sending', 'sent', 'delivered', 'undelivered', 'unknown')`;

/** Locks contacts in the order in which everybody does. A transaction that watches one of them now sees what is about to be written. */
export async function lockWriters(tx: Tx, workspaceId: string, ids: readonly string[]): Promise<void> {
  await sql`select from contacts where workspace_id = ${workspaceId} and id = any(${uuidArray(ids)}::uuid[]) order by id for no key update`.execute(
    tx,
  );
}

export async function readOpenExecutions(db: Db, workspaceId: string, contactIds: readonly string[]): Promise<OpenExecution[]> {
  const { rows } = await sql<OpenExecution>`
    select e.id, e.contact_id, e.flow_version_id, e.current_node_id, e.waiting_for, m.last_visit, m.wrote_at, coalesce(m.senders, '{}') as senders
    from flow_executions e
    left join lateral (
      select max(m.visit) as last_visit, max(m.created_at) as wrote_at, array_agg(distinct m.from_address) filter (where m.from_address is not null) as senders
      from messages m where m.flow_execution_id = e.id and ${hasLeft}
    ) m on true
    where e.workspace_id = ${workspaceId} and e.contact_id = any(${uuidArray(contactIds)}::uuid[]) and e.status in ('pending', 'running')
      and e.cancel_reason is null
    order by m.wrote_at desc nulls last, e.id desc`.execute(db);
  return rows;
}

/** Which execution a message of a contact is a reply to. */
export interface MatchedReply {
  id: string;
  executionId: string;
  afterVisit: number;
}

export async function writeMatches(tx: Tx, matches: readonly MatchedReply[]): Promise<void> {
  await sql`update inbound_messages i set flow_execution_id = m.execution_id, after_visit = m.after_visit
    from unnest(${uuidArray(matches.map(({ id }) => id))}::uuid[], ${uuidArray(matches.map(({ executionId }) => executionId))}::uuid[],
      ${numberArray(matches.map(({ afterVisit }) => afterVisit))}::int[]) as m (id, execution_id, after_visit)
    where i.id = m.id`.execute(tx);
}

/** The executions of the messages that are answered, with the visit of the last message of each. */
export async function readAnswered(
  db: Db,
  messageIds: readonly string[],
): Promise<{ message_id: string; execution_id: string; last_visit: number }[]> {
  const { rows } = await sql<{ message_id: string; execution_id: string; last_visit: number }>`
    select a.id as message_id, a.flow_execution_id as execution_id,
      (select coalesce(max(m.visit), 0) from messages m where m.flow_execution_id = a.flow_execution_id and ${hasLeft})::int as last_visit
    from messages a where a.id = any(${uuidArray(messageIds)}::uuid[]) and a.flow_execution_id is not null`.execute(db);
  return rows;
}

/** Counts as a change of these contacts, so executions that wait for one look for what was written (private.wake_watching). */
export async function touchWriters(tx: Tx, workspaceId: string, ids: readonly string[]): Promise<void> {
  await sql`update contacts set updated_at = updated_at where workspace_id = ${workspaceId} and id = any(${uuidArray(ids)}::uuid[])`.execute(
    tx,
  );
}

/** Writes that executions are to end because their contact has replied. Returns those for which nobody has said so before. */
export async function requestEndByReply(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with held as materialized (
      select id from flow_executions where id = any(${uuidArray(ids)}::uuid[]) order by id for no key update
    )
    update flow_executions e set cancel_reason = 'replied' from held
    where e.id = held.id and e.status in ('pending', 'running') and e.cancel_reason is null returning e.id`.execute(tx);
  return rows.map(({ id }) => id);
}

export interface HeardRow {
  flow_execution_id: string;
  id: string;
  channel: Channel;
  body: string | null;
  after_visit: number;
}

/** The replies of executions that none of their steps has gone on by, oldest first, and the visit of the last message of each that left. */
export async function readReplies(
  db: Db,
  ids: readonly string[],
): Promise<{ replies: HeardRow[]; lastVisits: { flow_execution_id: string; last_visit: number }[] }> {
  const list = uuidArray(ids);
  const replies = await sql<HeardRow>`
    select i.flow_execution_id, i.id, i.channel, i.body, coalesce(i.after_visit, 0) as after_visit
    from inbound_messages i
    where i.flow_execution_id = any(${list}::uuid[])
      and not exists (select from flow_execution_steps s where s.flow_execution_id = i.flow_execution_id and s.result ->> 'replyId' = i.id::text)
    order by i.id`.execute(db);
  if (replies.rows.length === 0) return { replies: [], lastVisits: [] };
  const lastVisits = await sql<{ flow_execution_id: string; last_visit: number }>`
    select m.flow_execution_id, max(m.visit) as last_visit from messages m join flow_executions e on e.id = m.flow_execution_id
    where m.flow_execution_id = any(${list}::uuid[]) and m.visit <= e.visit and ${hasLeft} group by 1`.execute(db);
  return { replies: replies.rows, lastVisits: lastVisits.rows };
}
