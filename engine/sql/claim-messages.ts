import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import type { StepRecord } from "../chunk.ts";
import type { Clock } from "../clock.ts";
import { microArray, numberArray, textArray, uuidArray } from "./array.ts";
import type { MessageResult } from "./message-results.ts";
import { leaseSeconds, writeResults } from "./message-results.ts";
import { stepColumns, stepValues } from "./step-rows.ts";

export interface Claim {
  executionId: string;
  from: { visit: number; attempt: number };
  contactVersion: string;
  visit: number;
  attempt: number;
  nodeId: string;
  channel: Channel;
  provider: string;
  to: string;
  sender: string | null;
  subject: string | null;
  text: string;
  html: string | null;
  segments: number | null;
  isTest: boolean;
}

/**
 * Writes messages in state `sending`, the steps that led to them, and the results of the batch before, in one statement
 * that stands or falls as a whole. A message is claimed only if, at this very moment, the execution is where we think
 * it is, its send is not stopped, its contact is unchanged since it was looked at, and its address is not suppressed.
 * Returned are the messages that are ours to send. What is missing belongs to somebody else or must be looked at anew.
 *
 * Steps are inserted plainly: if another worker has written one of these visits, the statement fails (23505) and
 * nothing is claimed, so two workers can never act on two different paths of one execution.
 *
 * The look-ups are written one row at a time on purpose (lateral, offset 0). As joins, the planner, who knows nothing
 * yet of tables that were filled a second ago, walked through the whole send for every batch: 250 ms instead of 5.
 */
export async function claimMessages(
  db: Db,
  input: { claims: readonly Claim[]; steps: readonly { executionId: string; step: StepRecord }[]; results: readonly MessageResult[] },
  clock: Clock,
): Promise<Map<string, string>> {
  const { claims, steps, results } = input;
  const column = <T>(pick: (claim: Claim) => T) => claims.map(pick);
  const { rows } = await sql<{ id: string; flow_execution_id: string }>`
    with input as (
      select * from unnest(
        ${uuidArray(column((c) => c.executionId))}::uuid[], ${numberArray(column((c) => c.from.visit))}::int[],
        ${numberArray(column((c) => c.from.attempt))}::int[], ${textArray(column((c) => c.contactVersion))}::text[],
        ${numberArray(column((c) => c.visit))}::int[], ${numberArray(column((c) => c.attempt))}::int[],
        ${textArray(column((c) => c.nodeId))}::text[], ${textArray(column((c) => c.channel))}::text[],
        ${textArray(column((c) => c.provider))}::text[], ${textArray(column((c) => c.to))}::text[],
        ${textArray(column((c) => c.sender))}::text[], ${textArray(column((c) => c.subject))}::text[],
        ${textArray(column((c) => c.text))}::text[], ${textArray(column((c) => c.html))}::text[],
        ${numberArray(column((c) => c.segments))}::int[], ${textArray(column((c) => String(c.isTest)))}::boolean[]
      ) as i (execution_id, from_visit, from_attempt, contact_version, visit, attempt, node_id, channel, provider, to_address,
        from_address, subject, body, html, segments, is_test)
    ), live as materialized (
      select i.*, e.workspace_id, e.send_id, e.contact_id
      from input i
      cross join lateral (
        select workspace_id, send_id, contact_id from flow_executions
        where id = i.execution_id and visit = i.from_visit and attempt = i.from_attempt and status in ('pending', 'running')
        offset 0
      ) e
      where (select state from flow_sends where id = e.send_id) in ('enrolling', 'running')
        and (select c.xmin::text from contacts c where c.workspace_id = e.workspace_id and c.id = e.contact_id) = i.contact_version
        and not exists (
          select from suppressions x
          where x.workspace_id = e.workspace_id and x.channel = i.channel and x.address = lower(i.to_address))
    ), written as (
      ${writeResults(results, clock)}
    ), logged as (
      insert into flow_execution_steps (${stepColumns})
      select ${stepValues(sql`l.workspace_id`)}
      from ${stepInput(steps)} join live l on l.execution_id = t.execution_id
    )
    insert into messages (workspace_id, flow_execution_id, send_id, contact_id, visit, node_id, channel, provider, to_address,
      from_address, subject, body, html, segments, is_test, status, attempt, lease_until)
    select workspace_id, execution_id, send_id, contact_id, visit, node_id, channel, provider, to_address, from_address, subject, body,
      html, segments, is_test, 'sending', attempt, ${clock.now} + ${leaseSeconds} * interval '1 second'
    from live
    on conflict (flow_execution_id, visit, channel) do update
      set status = 'sending', attempt = excluded.attempt, lease_until = excluded.lease_until, provider = excluded.provider,
        to_address = excluded.to_address, from_address = excluded.from_address, subject = excluded.subject,
        body = excluded.body, html = excluded.html, segments = excluded.segments, reason = null, error_message = null,
        updated_at = now()
      where messages.status = 'queued'
    returning id, flow_execution_id`.execute(db);
  return new Map(rows.map((row) => [row.flow_execution_id, row.id]));
}

/** The steps to be written, as a table `t`. */
export function stepInput(steps: readonly { executionId: string; step: StepRecord }[]) {
  const column = <T>(pick: (step: StepRecord) => T) => steps.map(({ step }) => pick(step));
  return sql`unnest(
      ${uuidArray(steps.map(({ executionId }) => executionId))}::uuid[], ${numberArray(column((s) => s.visit))}::int[],
      ${numberArray(column((s) => s.attempt))}::int[], ${textArray(column((s) => s.nodeId))}::text[],
      ${textArray(column((s) => s.nodeType))}::text[], ${textArray(column((s) => s.status))}::text[],
      ${textArray(column((s) => s.exit))}::text[], ${textArray(column((s) => s.reason))}::text[],
      ${textArray(column((s) => (s.result === null ? null : JSON.stringify(s.result))))}::text[],
      ${textArray(column((s) => s.errorMessage))}::text[], ${microArray(column((s) => s.wakeAt?.getTime() ?? null))}::float8[],
      ${microArray(column((s) => s.startedAt))}::float8[], ${microArray(column((s) => s.completedAt))}::float8[]
    ) as t (execution_id, visit, attempt, node_id, node_type, status, exit, reason, result, error_message, wake_at, started_at,
      completed_at)`;
}
