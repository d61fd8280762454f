import type { RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import { channels } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db, Tx } from "#db/client.ts";
import { isNotBinned } from "#db/queries/contact-rows.ts";
import { textArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import { addressSql, refusalSql } from "../messages/recipient-check-rows.ts";
import type { RetryWhat } from "../send-api.ts";
import { isLastTry, lastVisit, type Restarted, restart, toRestart, wouldRepeat } from "./restart-rows.ts";

/** The executions that a retry is about. */
export interface Retry extends RetryWhat {
  /** Types of nodes whose work must not be done twice. */
  notTwice: readonly string[];
  /** The channel of each type of node that sends. */
  channelsByType: Readonly<Record<string, Channel>>;
}

/**
 * An execution goes on from the step that failed, as a new visit to the same node: what was recorded stays, and a message
 * that may have left once stays `unknown` beside the new one. An execution that went on behind a failed step and ended
 * as a partial failure is retried only if nothing was done after that step that must not be done twice: no message left,
 * and no node of a type in `notTwice` was passed.
 */
const retryable = (
  notTwice: readonly string[],
) => sql<SqlBool>`exists (select from contacts c where c.workspace_id = e.workspace_id and c.id = e.contact_id and ${isNotBinned("c")})
  and s.state not in ('stopped', 'undone') and (e.status = 'failed' or e.status = 'partial_failure'
  and not ${wouldRepeat(firstFailed, notTwice)})`;

/** A step that failed, and that no retry did anew. */
const hasFailed = sql`p.status = 'failed' and not p.is_retried and ${isLastTry}`;
const firstFailed = sql`(select min(p.visit) from flow_execution_steps p where p.flow_execution_id = e.id and ${hasFailed})`;

function chosen({ workspaceId, sendId, executionId, notTwice }: Retry): RawBuilder<SqlBool> {
  const which = executionId === undefined ? sql`e.send_id = ${sendId}::uuid` : sql`e.id = ${executionId}::uuid`;
  return sql<SqlBool>`${which} and e.workspace_id = ${workspaceId} and ${retryable(notTwice)}`;
}

const withReasons = (reasons: readonly Reason[] | undefined) =>
  reasons === undefined ? sql`true` : sql`e.ended_reason = any(${textArray(reasons)}::text[])`;

/** The node where an execution goes on: that of its first failed step, or where it stands when it failed between two. */
const failedStep = sql`
  left join lateral (
    select p.node_id, p.visit from flow_execution_steps p where p.flow_execution_id = e.id and ${hasFailed}
    order by case when e.status = 'failed' then -p.visit else p.visit end, p.attempt desc limit 1
  ) f on true`;

/** Counts the executions that can be retried by the reason they ended for, whatever reasons are asked for. */
export async function countByReason(db: Db, retry: Retry): Promise<{ reason: Reason; executions: number }[]> {
  const { rows } = await sql<{ reason: Reason; executions: number }>`
    select coalesce(e.ended_reason, 'internal') as reason, count(*)::int as executions
    from flow_executions e join flow_sends s on s.id = e.send_id where ${chosen(retry)} group by 1 order by 2 desc, 1`.execute(db);
  return rows;
}

export interface RetriedMessages {
  /** Null where the failed step sent no message. */
  channel: Channel | null;
  /** Why the message will be skipped; null where it will be sent. A person's own words where they stand on the suppression list. */
  refusal: string | null;
  executions: number;
  unknown: number;
}

/** Counts the executions by the channel of the message that failed, and by what the check of its recipient says now. */
export async function countByChannel(db: Db, retry: Retry): Promise<RetriedMessages[]> {
  const refusal = (channel: Channel) => sql`coalesce(${refusalSql[channel]}, case when exists (
    select from messages t where t.address_scope = s.address_scope and t.channel = ${channel}
      and lower(t.to_address) = ${addressSql[channel]} and t.contact_id is distinct from e.contact_id) then 'duplicate_address' end)`;
  const refusals = sql.join(
    channels.map((channel) => sql`when ${channel} then ${refusal(channel)}`),
    sql` `,
  );
  const { rows } = await sql<RetriedMessages>`
    select channel, refusal, count(*)::int as executions, count(*) filter (where is_unknown)::int as unknown
    from (
      select m.channel, m.status = 'unknown' as is_unknown, case m.channel ${refusals} end as refusal
      from flow_executions e join flow_sends s on s.id = e.send_id
      join contacts c on c.workspace_id = e.workspace_id and c.id = e.contact_id ${failedStep}
      left join messages m on m.flow_execution_id = e.id and m.visit = f.visit
      where ${chosen(retry)} and ${withReasons(retry.reasons)}) failed
    group by channel, refusal order by channel, executions desc, refusal`.execute(db);
  return rows;
}

export interface RetryPage {
  limit: number;
  /** The page begins behind this place in the send. */
  afterSeq: number;
}

/** Begins a page of executions again, due now. Executions that another transaction holds are passed over. */
export const restartExecutions = (tx: Tx, retry: Retry, { limit, afterSeq }: RetryPage, clock: Clock): Promise<Restarted[]> =>
  restart(
    tx,
    sql`chosen as materialized (
      select ${toRestart(sql`true`)}
      from flow_executions e join flow_sends s on s.id = e.send_id ${failedStep} ${lastVisit}
      -- A deletion that is under way is waited for.
      cross join lateral (select from contacts c
        where c.workspace_id = e.workspace_id and c.id = e.contact_id and ${isNotBinned("c")} for key share offset 0) c
      where ${chosen(retry)} and ${withReasons(retry.reasons)} and e.seq > ${afterSeq}
      order by e.seq limit ${limit} for update of e skip locked)`,
    retry.channelsByType,
    clock,
  );
