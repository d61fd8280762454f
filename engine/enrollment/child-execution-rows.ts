import { sql } from "kysely";
import type { Reason } from "#contract/reasons.ts";
import { storableJson } from "#contract/storable.ts";
import type { Tx } from "#db/client.ts";
import { numberArray, textArray, uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import { asksWhoIsIn, type EntryRule } from "../flow/rule-of.ts";
import { portionSize } from "../jobs/work-sizes.ts";
import { lockEntrance } from "./enroll-page-rows.ts";
import { judgeEntry } from "./judge-entry-rows.ts";

/** An execution that starts another flow. */
export interface Starter {
  executionId: string;
  contactId: string;
  visit: number;
  depth: number;
  /** The values that the other flow receives. */
  trigger: Readonly<Record<string, unknown>>;
}

export interface ChildFlow {
  workspaceId: string;
  flowId: string;
  flowVersionId: string;
  flowVersion: number;
  lastPublication: number;
  rule: EntryRule;
  isTest: boolean;
  parentSendId: string;
  waits: boolean;
}

/**
 * Returns for each starter whose contact may not enter the reason. Where it matters who is in the flow, only the first of two
 * starters of one contact may enter.
 */
export async function judgeStarters(tx: Tx, flow: ChildFlow, starters: readonly Starter[], clock: Clock): Promise<Map<string, Reason>> {
  const asks = asksWhoIsIn(flow.rule);
  if ((!asks && !flow.rule.onlyIf) || flow.isTest) return new Map();
  if (asks) await lockEntrance(tx, flow.flowId);
  const { rows } = await sql<{ parent_id: string; reason: Reason }>`
    with page as materialized (
      select i.parent_id, i.contact_id as id, row_number() over (partition by i.contact_id order by i.parent_id) as place
      from unnest(${uuidArray(starters.map(({ executionId }) => executionId))}::uuid[],
        ${uuidArray(starters.map(({ contactId }) => contactId))}::uuid[]) as i (parent_id, contact_id)
    ), judged as (
      select parent_id, case when ${asks}::boolean and place > 1 then 'already_active_here' else ${judgeEntry({ ...flow, refusal: null }, flow.rule, clock)} end as reason from page
    )
    select parent_id, reason from judged where reason is not null`.execute(tx);
  return new Map(rows.map(({ parent_id, reason }) => [parent_id, reason]));
}

/**
 * Inserts one send for starters that start a flow together, enrolled from its first moment, and an execution for each.
 * Returns the send's id, and the new executions' ids by the id of their starter.
 */
export async function insertChildren(
  tx: Tx,
  flow: ChildFlow,
  starters: readonly Starter[],
  clock: Clock,
): Promise<{ sendId: string; children: Map<string, string> }> {
  const metadata = { flowVersion: flow.flowVersion, ...(flow.isTest && { isTest: true }) };
  const send = await sql<{ id: string }>`
    insert into flow_sends (workspace_id, flow_id, flow_version_id, source, state, selection, options, is_test, launched_by, launched_by_name,
      parent_send_id, root_send_id, parent_waits, chunk_size, lanes, expected, enrolled, created_at, enrolled_at, not_later_than, address_scope, seen_publication)
    select p.workspace_id, ${flow.flowId}::uuid, ${flow.flowVersionId}::uuid, 'flow', 'running', '{"type": "started_by_flow"}',
      jsonb_strip_nulls(jsonb_build_object('metadata', ${JSON.stringify(metadata)}::jsonb, 'traceparent', p.options -> 'traceparent',
        'skipWaits', p.options -> 'skipWaits')),
      p.is_test, p.launched_by, p.launched_by_name, p.id, coalesce(p.root_send_id, p.id), ${flow.waits}::boolean, ${portionSize}, 1, ${starters.length}, ${starters.length},
      ${clock.now}, ${clock.now}, p.not_later_than, p.address_scope, ${flow.lastPublication}
    from flow_sends p where p.id = ${flow.parentSendId}::uuid and p.workspace_id = ${flow.workspaceId}
    returning id`.execute(tx);
  const sendId = send.rows[0]?.id;
  if (sendId === undefined) throw new Error("A send whose executions were locked is not there");
  const column = <T>(pick: (starter: Starter) => T) => starters.map(pick);
  const { rows } = await sql<{ id: string; parent_execution_id: string }>`
    insert into flow_executions (flow_id, contact_id, workspace_id, source, metadata, send_id, flow_version_id, seq,
      parent_execution_id, parent_visit, parent_waits, depth, trigger_data)
    select ${flow.flowId}::uuid, i.contact_id, s.workspace_id, 'flow', ${JSON.stringify(metadata)}::jsonb, s.id,
      ${flow.flowVersionId}::uuid, i.place - 1, i.parent_id, i.visit, ${flow.waits}::boolean, i.depth, i.trigger::jsonb
    from unnest(${uuidArray(column((s) => s.executionId))}::uuid[], ${uuidArray(column((s) => s.contactId))}::uuid[],
      ${numberArray(column((s) => s.visit))}::int[], ${numberArray(column((s) => s.depth + 1))}::int[],
      ${textArray(column((s) => storableJson(s.trigger)))}::text[]) with ordinality as i (parent_id, contact_id, visit, depth, trigger, place)
    cross join lateral (select id, workspace_id from flow_sends where id = ${sendId}::uuid) s
    returning id, parent_execution_id`.execute(tx);
  return { sendId, children: new Map(rows.map((row) => [row.parent_execution_id, row.id])) };
}

/** Locks contacts against being deleted, before anything else and in one order, as the deletion of contacts does. */
export async function lockContactsAgainstDelete(tx: Tx, workspaceId: string, ids: readonly string[]): Promise<void> {
  await sql`select from contacts where workspace_id = ${workspaceId} and id = any(${uuidArray(ids)}::uuid[]) order by id for key share`.execute(
    tx,
  );
}

/**
 * Stops the sends that the executions of a send wait for, and those below them. Each is locked against claims on their
 * way, like the send itself. Returns the ids of the sends that it stopped.
 */
export async function stopChildren(
  tx: Tx,
  sendId: string,
  by: { id: string | null; name: string | null },
  clock: Clock,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive below as (
      select id from flow_sends where parent_send_id = ${sendId}::uuid and parent_waits
      union all
      select s.id from below b join flow_sends s on s.parent_send_id = b.id and s.parent_waits
    ), held as materialized (
      select id from flow_sends where id in (select id from below) and state in ('enrolling', 'running', 'paused') order by id for update
    )
    update flow_sends s set state = 'stopped', changed_at = ${clock.now}, changed_by = ${by.id}::uuid, changed_by_name = ${by.name}
    from held where s.id = held.id returning s.id`.execute(tx);
  return rows.map(({ id }) => id).sort();
}
