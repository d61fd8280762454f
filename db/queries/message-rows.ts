import { type RawBuilder, sql } from "kysely";
import type { Message } from "#contract/messages.ts";
import type { Db } from "../client.ts";
import { displayName } from "./contact-rows.ts";
import { microseconds } from "./newest-first.ts";
import { hasOwnGraph } from "./own-graph.ts";

export interface MessageRow {
  id: string;
  position: number;
  flow_execution_id: string | null;
  flow_id: string | null;
  flow_name: string | null;
  has_own_graph: boolean;
  contact_id: string | null;
  name: string | null;
  firstname: string;
  lastname: string;
  contact_in_bin: boolean;
  channel: Message["channel"];
  provider: string;
  is_test: boolean;
  to_address: string | null;
  from_address: string | null;
  subject: string | null;
  body: string | null;
  html: string | null;
  segments: number | null;
  status: Message["status"];
  reason: Message["reason"];
  error_message: string | null;
  provider_message_id: string | null;
  created_at: Date;
  sent_at: Date | null;
  tracked: Message["tracked"];
}

const seen = sql`'times', t.times, 'byPrograms', t.machine_times, 'firstAt',
  to_char(t.first_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Reads what a list shows of the messages of a page, newest first. `page` selects whole messages. */
export async function readMessages(
  db: Db,
  { workspaceId, page }: { workspaceId: string; page: RawBuilder<unknown> },
): Promise<MessageRow[]> {
  const { rows } = await sql<MessageRow>`
    with page as materialized (${page})
    select m.id, ${microseconds("m.created_at")} as position, m.flow_execution_id, f.id as flow_id, f.name as flow_name, ${hasOwnGraph(sql`s`)} as has_own_graph, m.contact_id,
      c.name, c.firstname, c.lastname, c.deleted_at is not null as contact_in_bin, m.channel, m.provider, m.is_test, m.to_address,
      m.from_address, m.subject, m.body, m.html, m.segments, m.status, m.reason, m.error_message, m.provider_message_id, m.created_at, m.sent_at,
      (select json_build_object(
          'clicks', coalesce(json_agg(json_build_object('url', t.url, ${seen}) order by t.first_at, t.url) filter (where t.kind = 'click'), '[]'),
          'opens', json_agg(json_build_object(${seen})) filter (where t.kind = 'open') -> 0)
        from tracked_links t
        where t.workspace_id = ${workspaceId} and t.flow_execution_id = m.flow_execution_id and t.visit = m.visit and t.channel = m.channel
          and (t.times > 0 or t.machine_times > 0)
        having count(*) > 0) as tracked
    from page m
    left join flow_executions e on e.workspace_id = ${workspaceId} and e.id = m.flow_execution_id
    left join flow_sends s on s.workspace_id = ${workspaceId} and s.id = e.send_id
    left join private.flow_names f on f.workspace_id = ${workspaceId} and f.id = e.flow_id
    left join private.contact_names c on c.workspace_id = ${workspaceId} and c.id = m.contact_id
    order by m.created_at desc, m.id desc`.execute(db);
  return rows;
}

export const toMessage = (row: MessageRow): Message => ({
  id: row.id,
  executionId: row.flow_execution_id,
  flowId: row.flow_id,
  flowName: row.flow_name,
  ...(row.has_own_graph && { hasOwnGraph: true as const }),
  contactId: row.contact_id,
  contactName: row.contact_id === null ? null : displayName(row),
  contactInBin: row.contact_in_bin,
  channel: row.channel,
  provider: row.provider,
  isTest: row.is_test,
  to: row.to_address,
  from: row.from_address,
  subject: row.subject,
  body: row.body,
  html: row.html,
  segments: row.segments,
  status: row.status,
  reason: row.reason,
  errorMessage: row.error_message,
  providerMessageId: row.provider_message_id,
  createdAt: row.created_at.toISOString(),
  sentAt: row.sent_at?.toISOString() ?? null,
  tracked: row.tracked,
});
