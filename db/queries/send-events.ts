import type { RawBuilder } from "kysely";
import { sql } from "kysely";

export interface EventsOfSend {
  workspaceId: string;
  sendId: string;
  /** Only what happened at this step. */
  nodeId?: string | undefined;
  /** Providers whose messages never leave this machine. */
  keptBy: readonly string[];
  /** Only of these executions: a query of their ids. */
  of?: RawBuilder<unknown>;
}

const among = (column: RawBuilder<unknown>, of: RawBuilder<unknown> | undefined) => (of ? sql`and ${column} in (${of})` : sql``);
const atNode = (nodeId: string | undefined) => (nodeId === undefined ? sql`` : sql`and m.node_id = ${nodeId}`);

/** What people answered to the messages of a send: the execution, the word that it stands for, and when. Not what programs answer. */
export const answersToSend = ({ workspaceId, sendId, nodeId, of }: Omit<EventsOfSend, "keptBy">): RawBuilder<unknown> => sql`
  select m.flow_execution_id, i.word, i.received_at as at from messages m
  join inbound_messages i on i.workspace_id = ${workspaceId} and i.answers_id = m.id and not i.automatic
  where m.workspace_id = ${workspaceId} and m.send_id = ${sendId}::uuid and m.flow_execution_id is not null
    ${atNode(nodeId)} ${among(sql`m.flow_execution_id`, of)}`;

/**
 * Every event of the send, or of one step of it, with its execution and its time. An enrollment replies, clicks and opts out once. A step
 * that a retry did anew has not failed.
 */
export function sendEvents({ workspaceId, sendId, nodeId, keptBy, of }: EventsOfSend): RawBuilder<unknown> {
  const ofSend = (alias: string) =>
    sql`${sql.ref(`${alias}.workspace_id`)} = ${workspaceId} and ${sql.ref(`${alias}.send_id`)} = ${sendId}::uuid`;
  const answers = answersToSend({ workspaceId, sendId, nodeId, of });
  const ofWhole = sql`
    select x.kind, e.id as flow_execution_id, x.at from flow_executions e
    cross join lateral (values ('started', e.started_at),
      ('failed', case when e.status in ('failed', 'partial_failure') then e.completed_at end)) as x (kind, at)
    where ${ofSend("e")} ${among(sql`e.id`, of)}`;
  const ofStep = sql`
    select x.kind, s.id as flow_execution_id, x.at from (
      select e.id, min(p.started_at) as came, min(p.completed_at) filter (where p.status = 'failed' and not p.is_retried and not exists (
        select from flow_execution_steps l where l.flow_execution_id = p.flow_execution_id and l.visit = p.visit and l.attempt > p.attempt)) as failed
      from flow_executions e join flow_execution_steps p on p.workspace_id = ${workspaceId} and p.flow_execution_id = e.id and p.node_id = ${nodeId ?? ""}
      where ${ofSend("e")} ${among(sql`e.id`, of)} group by e.id) s
    cross join lateral (values ('started', s.came), ('failed', s.failed)) as x (kind, at)`;
  const clicked = sql`
    select 'clicked', t.flow_execution_id, min(t.first_at) from tracked_links t ${
      nodeId === undefined
        ? sql``
        : sql`join messages m on m.workspace_id = t.workspace_id and m.flow_execution_id = t.flow_execution_id and m.visit = t.visit
            and m.channel = t.channel ${atNode(nodeId)}`
    } where ${ofSend("t")} and t.kind = 'click' and t.first_at is not null ${among(sql`t.flow_execution_id`, of)} group by t.flow_execution_id`;
  return sql`
    ${nodeId === undefined ? ofWhole : ofStep}
    union all
    select x.kind, m.flow_execution_id, x.at from messages m
    cross join lateral (values (case when m.provider = any(${[...keptBy]}::text[]) then 'captured' else 'sent' end, m.sent_at),
      ('delivered', m.delivered_at), ('undelivered', case when m.status = 'undelivered' then m.updated_at end)) as x (kind, at)
    where ${ofSend("m")} ${atNode(nodeId)} ${among(sql`m.flow_execution_id`, of)}
    union all
    select 'replied', flow_execution_id, min(at) from (${answers}) a where word is distinct from 'stop' group by flow_execution_id
    union all
    ${clicked}
    union all
    select 'optedOut', flow_execution_id, min(at) from (
      select flow_execution_id, at from (${answers}) a where word = 'stop'
      union all
      -- By the link of an e-mail, or as the provider tells: it is of the send whose message was the last one before.
      select e.id, k.created_at from flow_sends s
      join flow_executions e on e.workspace_id = s.workspace_id and e.send_id = s.id
      join contact_consents k on k.workspace_id = e.workspace_id and k.contact_id = e.contact_id and k.state = 'opted_out'
        and k.actor_id is null and k.created_at >= s.created_at
      cross join lateral (
        select m.flow_execution_id, m.node_id from messages m
        where m.workspace_id = ${workspaceId} and m.contact_id = k.contact_id and m.created_at <= k.created_at and k.channel in (m.channel, 'all')
        order by m.created_at desc limit 1) last
      where s.workspace_id = ${workspaceId} and s.id = ${sendId}::uuid and last.flow_execution_id = e.id
        ${nodeId === undefined ? sql`` : sql`and last.node_id = ${nodeId}`} ${among(sql`e.id`, of)}) o
    group by flow_execution_id`;
}
