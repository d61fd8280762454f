import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import { numberArray, textArray, uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import type { ChunkExecution } from "../execution/chunk.ts";
import type { MessageResult } from "../execution/message-rows.ts";
import { leaseSeconds, writeResults } from "../execution/message-rows.ts";
import { closing } from "../execution/save-rows.ts";
import type { NewStep } from "../execution/step-rows.ts";
import { stepColumns, stepInput, stepValues } from "../execution/step-rows.ts";

export interface Claim {
  executionId: string;
  from: { visit: number; attempt: number };
  contactVersion: string;
  visit: number;
  attempt: number;
  nodeId: string;
  to: string;
  subject: string | null;
  text: string;
  html: string | null;
  segments: number | null;
}

export interface ClaimedMessage {
  id: string;
  /** Whether it may have left at an earlier try. */
  wasInDoubt: boolean;
}

/** The messages of a batch, with what they have in common. */
export interface ClaimBatch {
  workspaceId: string;
  channel: Channel;
  provider: string;
  sender: string | null;
  isTest: boolean;
  sendIds: readonly string[];
  claims: readonly Claim[];
  /** Steps of these executions that are not written yet. */
  steps: readonly NewStep[];
  /** The executions among them whose wait has ended: how it ended is committed with the message. */
  woken: readonly ChunkExecution[];
  now: number;
  /** Results of the batch before. */
  results: readonly MessageResult[];
}

/**
 * Writes messages in state `sending`, the steps that led to them, and the results of the batch before, in one statement
 * that stands or falls as a whole. A message is claimed only if, at this very moment, the execution is where we think
 * it is, its send is not stopped, its contact is unchanged since it was looked at, and its address is not suppressed.
 * Returned are the messages that are ours to send, by execution. A message that is missing belongs to another worker, or must
 * be looked at anew, such as one in doubt of which the history does not say yet that it is sent once more.
 *
 * The send is locked against being paused or stopped until the claim is committed, and its state is read under that lock:
 * after a stop has taken its own lock no claim can still be on its way, so what it counts as in flight is exact.
 *
 * Steps are inserted plainly: if another worker has written one of these visits, the statement fails (23505) and
 * nothing is claimed, so two workers can never act on two different paths of one execution.
 *
 * The look-ups are written one row at a time on purpose (lateral, offset 0). Written as joins, the planner, which has no
 * statistics of tables that were filled a second ago, read the whole send for every batch: 250 ms instead of 5. And
 * "is true" keeps the steps from being joined with `live`, which the planner estimates at one row: it would compare every step with every claim.
 */
export async function claimMessages(db: Db, batch: ClaimBatch, clock: Clock): Promise<Map<string, ClaimedMessage>> {
  const { claims, channel } = batch;
  const column = <T>(pick: (claim: Claim) => T) => claims.map(pick);
  const closed =
    batch.woken.length === 0
      ? sql``
      : sql`, closed as (
      ${closing(batch.woken, batch.now)} and (s.flow_execution_id in (select execution_id from live)) is true
    )`;
  const { rows } = await sql<{ id: string; flow_execution_id: string; was_in_doubt: boolean }>`
    with input as (
      select * from unnest(
        ${uuidArray(column((c) => c.executionId))}::uuid[], ${numberArray(column((c) => c.from.visit))}::int[],
        ${numberArray(column((c) => c.from.attempt))}::int[], ${textArray(column((c) => c.contactVersion))}::text[],
        ${numberArray(column((c) => c.visit))}::int[], ${numberArray(column((c) => c.attempt))}::int[],
        ${textArray(column((c) => c.nodeId))}::text[], ${textArray(column((c) => c.to))}::text[],
        ${textArray(column((c) => c.subject))}::text[], ${textArray(column((c) => c.text))}::text[],
        ${textArray(column((c) => c.html))}::text[], ${numberArray(column((c) => c.segments))}::int[]
      ) as i (execution_id, from_visit, from_attempt, contact_version, visit, attempt, node_id, to_address, subject, body, html, segments)
    ), open_sends as materialized (
      select id from flow_sends
      where id = any(${uuidArray(batch.sendIds)}::uuid[]) and state in ('enrolling', 'running')
        and (undo_until is null or undo_until <= ${clock.now})
      order by id for key share
    ), live as materialized (
      select i.*, e.workspace_id, e.send_id, e.contact_id
      from input i
      cross join lateral (
        select workspace_id, send_id, contact_id from flow_executions
        where id = i.execution_id and visit = i.from_visit and attempt = i.from_attempt and status in ('pending', 'running')
          and cancel_reason is null
        offset 0
      ) e
      where e.send_id in (select id from open_sends)
        and (select c.xmin::text from contacts c where c.workspace_id = e.workspace_id and c.id = e.contact_id) = i.contact_version
        and not exists (
          select from suppressions x
          where x.workspace_id = e.workspace_id and x.channel = ${channel} and x.address = lower(i.to_address))
    ), written as (
      ${writeResults(batch.results, clock)}
    ), logged as (
      insert into flow_execution_steps (${stepColumns})
      select ${stepValues(sql`${batch.workspaceId}`)} from ${stepInput(batch.steps)}
      where (t.execution_id in (select execution_id from live)) is true
    )${closed}
    insert into messages (workspace_id, flow_execution_id, send_id, contact_id, visit, node_id, channel, provider, to_address,
      from_address, subject, body, html, segments, is_test, status, attempt, lease_until)
    select workspace_id, execution_id, send_id, contact_id, visit, node_id, ${channel}, ${batch.provider}, to_address, ${batch.sender},
      subject, body, html, segments, ${batch.isTest}::boolean, 'sending', attempt, ${clock.now} + ${leaseSeconds} * interval '1 second'
    from live
    on conflict (flow_execution_id, visit, channel) do update
      set status = 'sending', attempt = excluded.attempt, lease_until = excluded.lease_until, provider = excluded.provider,
        to_address = excluded.to_address, from_address = excluded.from_address, subject = excluded.subject,
        body = excluded.body, html = excluded.html, segments = excluded.segments, reason = null, error_message = null,
        updated_at = now()
      where messages.status = 'queued' and (messages.reason is distinct from 'outcome_unknown' or messages.attempt < excluded.attempt)
    returning id, flow_execution_id, was_in_doubt`.execute(db);
  return new Map(rows.map(({ flow_execution_id, id, was_in_doubt }) => [flow_execution_id, { id, wasInDoubt: was_in_doubt }]));
}
