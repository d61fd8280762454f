import type { RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import type { StepStatus, WaitingFor } from "#contract/executions.ts";
import type { Channel, MessageStatus } from "#contract/messages.ts";
import type { DoubtRule } from "#contract/people.ts";
import type { Reason } from "#contract/reasons.ts";
import type { SendState } from "#contract/sends.ts";
import type { Db } from "#db/client.ts";
import { isNotBinned } from "#db/queries/contact-rows.ts";
import { hasOpenCanary } from "#db/queries/send-going.ts";
import { numberArray, textArray, uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import type { ContactRow } from "./contact-rows.ts";
import { contactColumns } from "./contact-rows.ts";
import { goesOneByOne } from "./one-by-one-rows.ts";

export interface SendRow {
  id: string;
  workspace_id: string;
  flow_id: string;
  state: SendState;
  is_test: boolean;
  skips_waits: boolean;
  holds_rest: boolean;
  lanes: number;
  chunk_size: number;
  expected: number;
  one_by_one: boolean;
  seen_publication: number;
  enrolled: number;
  enrolled_at: Date | null;
  trigger: unknown;
  given: unknown;
  traceparent: string | null;
  workspace_name: string;
  workspace_zone: string;
  workspace_country: string;
  postal_address: string | null;
  email_in_doubt: DoubtRule;
  sms_in_doubt: DoubtRule;
  not_later_than: Date | null;
  now: Date;
}

export async function readSends(db: Db, ids: readonly string[], clock: Clock): Promise<SendRow[]> {
  const { rows } = await sql<SendRow>`
    select s.id, s.workspace_id, s.flow_id, s.state, s.is_test, ${hasOpenCanary(sql`s.id`)} as holds_rest, s.lanes, s.chunk_size, s.expected, ${goesOneByOne} as one_by_one, s.enrolled, s.enrolled_at,
      coalesce(s.seen_publication, 0) as seen_publication,
      s.options -> 'triggerData' as trigger, s.options -> 'given' as given, s.options ->> 'traceparent' as traceparent,
      coalesce(s.options -> 'skipWaits' = 'true', false) as skips_waits, w.name as workspace_name, w.time_zone as workspace_zone,
      w.country as workspace_country, w.postal_address, w.email_in_doubt, w.sms_in_doubt, s.not_later_than, ${clock.now} as now
    from flow_sends s join workspaces w on w.id = s.workspace_id
    where s.id = any(${uuidArray(ids)}::uuid[])`.execute(db);
  return rows;
}

export interface ExecutionRow extends Omit<ContactRow, "contact_id"> {
  id: string;
  seq: number;
  send_id: string;
  flow_version_id: string;
  current_node_id: string | null;
  visit: number;
  attempt: number;
  waiting_for: WaitingFor | null;
  /** Set while there is a wake-up of it. */
  wake_at: Date | null;
  cancel_reason: Reason | null;
  started_at: Date | null;
  error_message: string | null;
  ended_reason: Reason | null;
  variables: unknown;
  depth: number;
  parent_waits: boolean;
  trigger_data: unknown;
  reached: boolean;
  missed: string[] | null;
  retried_visit: number | null;
  seen_publication: number | null;
  skipped_visit: number | null;
  moved_visit: number | null;
  contact_id: string | null;
}

export interface Portion {
  lanes: readonly { send_id: string; from_seq: number; upto_seq: number }[];
  wakeUps: readonly string[];
}

/** A condition that is true for the executions of a portion: those of its lanes and those whose wake-up was taken. */
export function inPortion({ lanes, wakeUps }: Portion): RawBuilder<SqlBool> {
  const [lane] = lanes;
  if (lane && lanes.length === 1 && wakeUps.length === 0) {
    return sql<SqlBool>`e.send_id = ${lane.send_id}::uuid and e.seq >= ${lane.from_seq} and e.seq < ${lane.upto_seq}`;
  }
  return sql<SqlBool>`e.id = any(array(
    select x.id from unnest(${uuidArray(lanes.map((l) => l.send_id))}::uuid[], ${numberArray(lanes.map((l) => l.from_seq))}::int[],
      ${numberArray(lanes.map((l) => l.upto_seq))}::int[]) as l (send_id, from_seq, upto_seq)
    join flow_executions x on x.send_id = l.send_id and x.seq >= l.from_seq and x.seq < l.upto_seq
    union all select unnest(${uuidArray(wakeUps)}::uuid[])))`;
}

export async function listPortion(db: Db, portion: Portion): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select e.id from flow_executions e
    where ${inPortion(portion)} and e.status in ('pending', 'running')`.execute(db);
  return rows.map(({ id }) => id);
}

/** A condition that is true for the executions with these ids. */
export const ofIds = (ids: readonly string[]) => sql<SqlBool>`e.id = any(${uuidArray(ids)}::uuid[])`;

/**
 * Reads the executions that may move now, with their contacts and what the suppression list says about their addresses. It
 * is one statement, so everything is read as of one moment. A contact in the bin is read as none. With `asleep` it also reads
 * those that rest.
 */
export async function readExecutions(
  db: Db,
  which: RawBuilder<SqlBool>,
  clock: Clock,
  { asleep = false }: { asleep?: boolean } = {},
): Promise<ExecutionRow[]> {
  const isDue = asleep ? sql`` : sql`and (e.wake_at is null or e.wake_at <= ${clock.now})`;
  const { rows } = await sql<ExecutionRow>`
    select e.id, e.seq, e.send_id, e.flow_version_id, e.current_node_id, e.visit, e.attempt, e.waiting_for, e.wake_at, e.cancel_reason, e.started_at,
      e.error_message, e.ended_reason, e.variables, e.depth, e.parent_waits, e.trigger_data, e.reached, e.missed, e.retried_visit, e.seen_publication, e.skipped_visit, e.moved_visit,
      ${contactColumns}
    from flow_executions e
    left join contacts c on c.workspace_id = e.workspace_id and c.id = e.contact_id and ${isNotBinned("c")}
    where ${which} and e.status in ('pending', 'running') ${isDue}
    order by e.seq`.execute(db);
  return rows;
}

export interface KnownStepRow {
  flow_execution_id: string;
  node_id: string;
  node_type: string;
  visit: number;
  attempt: number;
  status: StepStatus;
  exit: string | null;
  reason: Reason | null;
  error_message: string | null;
  result: Record<string, unknown> | null;
}

export interface KnownMessageRow {
  flow_execution_id: string;
  id: string;
  visit: number;
  node_id: string | null;
  channel: Channel;
  provider: string;
  status: MessageStatus;
  reason: Reason | null;
  error_message: string | null;
  attempt: number;
  provider_message_id: string | null;
  doubt_at: Date | null;
  leased: boolean;
}

/**
 * Reads what earlier passes wrote beyond the cursor before they were cut off. The step at which an execution waits is among
 * them once it is closed: then an earlier pass went on from there and committed that together with what it did next. Of
 * several tries at one visit the last one counts.
 */
export async function readLeftovers(
  db: Db,
  ids: readonly string[],
  clock: Clock,
): Promise<{ steps: KnownStepRow[]; messages: KnownMessageRow[] }> {
  const list = uuidArray(ids);
  const steps = await sql<KnownStepRow>`
    select s.flow_execution_id, s.node_id, s.node_type, s.visit, s.attempt, s.status, s.exit, s.reason, s.error_message, s.result
    from flow_executions e
    join flow_execution_steps s on s.flow_execution_id = e.id and (s.visit > e.visit or (e.waiting_for is not null
      and s.visit = e.visit and s.attempt >= e.attempt and s.status not in ('waiting', 'running')))
    where e.id = any(${list}::uuid[]) order by s.visit, s.attempt`.execute(db);
  const messages = await sql<KnownMessageRow>`
    select m.flow_execution_id, m.id, m.visit, m.node_id, m.channel, m.provider, m.status, m.reason, m.error_message, m.attempt,
      m.provider_message_id, m.doubt_at, m.status = 'sending' and m.lease_until > ${clock.now} as leased
    from flow_executions e
    join messages m on m.flow_execution_id = e.id and m.visit >= e.visit
    where e.id = any(${list}::uuid[])`.execute(db);
  return { steps: steps.rows, messages: messages.rows };
}

interface OutputRow {
  flow_execution_id: string;
  node_id: string;
  result: Record<string, unknown> | null;
  exit: string | null;
  reason: string | null;
}

/** Reads the results of these nodes, and by which exits they were left, at their last visit up to the cursor. */
export async function readOutputs(db: Db, ids: readonly string[], nodeIds: readonly string[]): Promise<OutputRow[]> {
  const { rows } = await sql<OutputRow>`
    select distinct on (s.flow_execution_id, s.node_id) s.flow_execution_id, s.node_id, s.result, s.exit, s.reason
    from flow_executions e join flow_execution_steps s on s.flow_execution_id = e.id and s.visit <= e.visit
    where e.id = any(${uuidArray(ids)}::uuid[]) and s.node_id = any(${textArray(nodeIds)}::text[]) and s.status not in ('waiting', 'running')
    order by s.flow_execution_id, s.node_id, s.visit desc, s.attempt desc`.execute(db);
  return rows;
}

/** Reads since when and until when these executions wait. The step keeps the end of the wait; the wake-up may be due sooner. */
export async function readWaiting(
  db: Db,
  ids: readonly string[],
): Promise<{ flow_execution_id: string; started_at: Date; wake_at: Date }[]> {
  const { rows } = await sql<{ flow_execution_id: string; started_at: Date; wake_at: Date }>`
    select s.flow_execution_id, s.started_at, s.wake_at
    from flow_executions e
    join flow_execution_steps s on s.flow_execution_id = e.id and s.visit = e.visit and s.attempt = e.attempt
    where e.id = any(${uuidArray(ids)}::uuid[]) and s.status = 'waiting' and s.wake_at is not null`.execute(db);
  return rows;
}

/** Reads when these executions came to the step at which they wait, over all of its tries. */
export async function readReached(db: Db, ids: readonly string[]): Promise<{ flow_execution_id: string; reached_at: Date }[]> {
  const { rows } = await sql<{ flow_execution_id: string; reached_at: Date }>`
    select e.id as flow_execution_id, first.reached_at from unnest(${uuidArray(ids)}::uuid[]) as i (id)
    cross join lateral (select id, visit from flow_executions where id = i.id offset 0) e
    cross join lateral (
      select min(s.started_at) as reached_at from flow_execution_steps s where s.flow_execution_id = e.id and s.visit = e.visit
    ) first
    where first.reached_at is not null`.execute(db);
  return rows;
}

/** Counts how often each of these executions was at each node up to its cursor. Visits beyond it are counted by the walk. */
export async function countVisits(
  db: Db,
  ids: readonly string[],
): Promise<{ flow_execution_id: string; node_id: string; visits: number }[]> {
  const { rows } = await sql<{ flow_execution_id: string; node_id: string; visits: number }>`
    select s.flow_execution_id, s.node_id, count(distinct s.visit) as visits
    from flow_executions e join flow_execution_steps s on s.flow_execution_id = e.id and s.visit <= e.visit
    where e.id = any(${uuidArray(ids)}::uuid[]) group by s.flow_execution_id, s.node_id`.execute(db);
  return rows;
}
