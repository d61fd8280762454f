import { join } from "node:path";
import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import type { BenchDatabase } from "./cluster.ts";
import { openSeeded } from "./cluster.ts";
import { benchGraph } from "./flow.ts";
import { seedPeople } from "./seed-people.ts";
import { withoutIndexes } from "./without-indexes.ts";

export interface HistorySize {
  contacts: number;
  executions: number;
}

/** Only to be read. */
export function openHistory(size: HistorySize): Promise<BenchDatabase> {
  return openSeeded({
    name: `history-${size.executions}`,
    sources: ["seed-history.ts", "seed-people.ts"].map((file) => join(import.meta.dirname, file)),
    fill: (db) => seedHistory(db, size),
    writes: false,
  });
}

const flows = 40;
const sends = 400;

/**
 * One workspace with a year behind it, and a neighbour a tenth as large, so that a query that forgets its workspace shows:
 * forty flows of which the first has half of all executions, four hundred sends, five steps and two messages for each
 * execution. Nine in ten completed; some failed or wait; and the status `cancelled` is rare and old, the worst case of a
 * filter: those twenty are among the oldest rows. One e-mail has a word that no other has, and all e-mails of the oldest
 * sends have one that no later message has.
 */
async function seedHistory(db: Db, size: HistorySize): Promise<void> {
  const ours = await addWorkspace(db, "History");
  const theirs = await addWorkspace(db, "Neighbour");
  const tables = ["contacts", "flow_executions", "flow_execution_steps", "messages", "wake_ups", "flow_sends", "uncompleted_executions"];
  await withoutIndexes(db, tables, async (connection) => {
    await fillWorkspace(connection, ours, size);
    await fillWorkspace(connection, theirs, { contacts: size.contacts / 10, executions: size.executions / 10 });
  });
  await sql`checkpoint`.execute(db);
}

async function addWorkspace(db: Db, name: string): Promise<string> {
  const { id } = await db.insertInto("workspaces").values({ name, undo_seconds: 0 }).returning("id").executeTakeFirstOrThrow();
  return id;
}

async function fillWorkspace(db: Db, workspaceId: string, { contacts, executions }: HistorySize): Promise<void> {
  await seedPeople(db, workspaceId, contacts);
  const graph = { nodes: JSON.stringify(benchGraph.nodes), edges: JSON.stringify(benchGraph.edges) };
  await sql`
    insert into flows (name, workspace_id, nodes, edges)
    select 'Flow ' || n, ${workspaceId}, ${graph.nodes}::jsonb, ${graph.edges}::jsonb from generate_series(1, ${flows}::int) n`.execute(db);
  await sql`
    insert into flow_versions (workspace_id, flow_id, number, hash, name, nodes, edges)
    select workspace_id, id, 1, 'bench', name, nodes, edges from flows where workspace_id = ${workspaceId}`.execute(db);
  // Every second send is of the first flow.
  await sql`
    create temporary table seed_sends on commit preserve rows as
    select n, private.uuid_v7() as id, v.flow_id, v.id as version_id,
      now() - (${sends}::int - n + 1) * interval '365 days' / ${sends}::int as created_at
    from generate_series(1, ${sends}::int) n
    join (select v.*, row_number() over (order by f.name, f.id) as place from flow_versions v join flows f on f.id = v.flow_id
      where v.workspace_id = ${workspaceId}) v on v.place = case when n % 2 = 0 then 1 else 2 + n % ${flows - 1}::int end`.execute(db);
  await sql`create temporary table seed_people on commit preserve rows as
    select row_number() over (order by id) - 1 as n, id, firstname, phone_e164, email from contacts where workspace_id = ${workspaceId}`.execute(
    db,
  );
  await sql`create unique index on seed_people (n)`.execute(db);
  await sql`analyze seed_people, seed_sends`.execute(db);
  await insertExecutions(db, workspaceId, { contacts, executions });
  await insertStepsAndMessages(db, workspaceId);
  await insertSends(db, workspaceId);
  await sql`drop table seed_sends, seed_people`.execute(db);
}

async function insertExecutions(db: Db, workspaceId: string, { contacts, executions }: HistorySize): Promise<void> {
  const perSend = executions / sends;
  await sql`
    insert into flow_executions (flow_id, contact_id, workspace_id, status, source, metadata, send_id, seq, flow_version_id, current_node_id, visit,
      created_at, started_at, completed_at, execution_time, result, wake_at, waiting_for, ended_reason, error_message)
    select s.flow_id, p.id, ${workspaceId}, x.status, 'bulk', '{"flowVersion": 1}', s.id, (i - 1) % ${perSend}::int, s.version_id,
      case x.status when 'running' then 'email' else 'end' end, case x.status when 'running' then 4 else 5 end,
      s.created_at + (i % ${perSend}::int) * interval '10 microseconds', s.created_at + interval '2 seconds',
      case when x.status <> 'running' then s.created_at + interval '1 minute' end, case when x.status <> 'running' then 58000 end,
      '{"steps": 5, "lastNode": "end", "result": "neutral"}', case when x.status = 'running' then now() + i % 30 * interval '1 day' + interval '1 day' end,
      case when x.status = 'running' then 'time' end,
      case x.status when 'failed' then 'provider_rejected' when 'cancelled' then 'cancelled' end,
      case x.status when 'failed' then '550 5.1.1 No such user' end
    from generate_series(1, ${executions}::int) i
    join seed_sends s on s.n = (i - 1) / ${perSend}::int + 1
    join seed_people p on p.n = (i * 7919::bigint) % ${contacts}::int
    cross join lateral (select case when i <= 20 then 'cancelled' when i % 100 = 5 then 'failed' when i % 25 = 6 then 'partial_failure'
      when i % 50 = 8 then 'running' else 'completed' end as status) x`.execute(db);
  // The triggers are off while millions of rows are written. This does what they would have done.
  await sql`
    insert into uncompleted_executions (execution_id, workspace_id, flow_id, send_id, seq, status, created_at)
    select id, workspace_id, flow_id, send_id, seq, status, created_at from flow_executions
    where workspace_id = ${workspaceId} and status in ('failed', 'partial_failure', 'cancelled')`.execute(db);
  await sql`
    insert into wake_ups (flow_execution_id, workspace_id, flow_version_id, due_at, node_id)
    select id, workspace_id, flow_version_id, wake_at, current_node_id from flow_executions
    where workspace_id = ${workspaceId} and status = 'running'`.execute(db);
}

async function insertStepsAndMessages(db: Db, workspaceId: string): Promise<void> {
  await sql`
    insert into flow_execution_steps (flow_execution_id, workspace_id, node_id, node_type, visit, status, exit, result, completed_at, started_at, created_at,
      reason, error_message)
    select e.id, e.workspace_id, k.node_id, k.node_type, k.visit,
      case when e.status = 'running' and k.visit = 4 then 'waiting' when e.status = 'failed' and k.visit = 4 then 'failed'
        when e.status = 'partial_failure' and k.visit = 2 then 'skipped' else 'completed' end,
      k.exit, k.result::jsonb, case when not (e.status = 'running' and k.visit = 4) then e.created_at + k.visit * interval '1 second' end,
      e.created_at + k.visit * interval '1 second', e.created_at + k.visit * interval '1 second',
      case when e.status = 'partial_failure' and k.visit = 2 then 'no_phone' end,
      case when e.status = 'failed' and k.visit = 4 then '550 5.1.1 No such user' end
    from flow_executions e
    cross join (values (1, 'start', 'start', 'next', null),
      (2, 'sms', 'send_sms', 'sent', '{"messageId": "00000000-0000-0000-0000-000000000000", "provider": "capture"}'),
      (3, 'check', 'condition', 'has_email', '{"branch": "has_email", "label": "Has an e-mail address", "compared": [{"branch": "has_email",
        "field": "email", "operator": "is_not_empty", "wanted": null, "found": "person12345@example.test", "held": true}]}'),
      (4, 'email', 'send_email', 'sent', '{"messageId": "00000000-0000-0000-0000-000000000000", "provider": "capture"}'),
      (5, 'end', 'end', null, '{"result": "neutral"}')) as k (visit, node_id, node_type, exit, result)
    where e.workspace_id = ${workspaceId} and k.visit <= e.visit`.execute(db);
  await sql`
    insert into messages (workspace_id, flow_execution_id, send_id, contact_id, visit, node_id, channel, provider, to_address, subject, body, segments,
      status, sent_at, created_at)
    select e.workspace_id, e.id, e.send_id, e.contact_id, k.visit, k.channel, k.channel, 'capture', case k.channel when 'sms' then p.phone_e164 else p.email end,
      case k.channel when 'email' then 'Your appointment, ' || p.firstname end,
      case k.channel when 'sms' then 'Hi ' || p.firstname || ', your appointment is confirmed. Reply STOP to opt out.'
        else 'Dear ' || p.firstname || E',\n\nyour appointment is confirmed. We look forward to seeing you.\n' ||
          case when e.seq = 7 then 'Please bring your passport.' else '' end ||
          case when e.created_at < now() - interval '300 days' then 'Our anniversary week has begun.' else '' end end,
      case k.channel when 'sms' then 1 end, case when e.status = 'failed' and k.channel = 'email' then 'failed' else 'sent' end,
      e.created_at + k.visit * interval '1 second', e.created_at + k.visit * interval '1 second'
    from flow_executions e join seed_people p on p.id = e.contact_id
    cross join (values (2, 'sms'), (4, 'email')) as k (visit, channel)
    where e.workspace_id = ${workspaceId} and (e.status <> 'running' or k.channel = 'sms')`.execute(db);
}

/** Counters are what the rows say. */
async function insertSends(db: Db, workspaceId: string): Promise<void> {
  await sql`
    insert into flow_sends (id, workspace_id, flow_id, flow_version_id, source, state, selection, launched_by_name, launched_from, expected, enrolled,
      completed, failed, partial_failure, cancelled, created_at, enrolled_at, ended_at)
    select s.id, ${workspaceId}, s.flow_id, s.version_id, 'bulk', case when e.running > 0 then 'running' else 'done' end,
      '{"type": "filter", "filter": {"tests": []}, "excluded": []}', 'Ada', 'Contacts page', e.total, e.total, e.completed, e.failed, e.partial,
      e.cancelled, s.created_at, s.created_at + interval '1 second', case when e.running = 0 then s.created_at + interval '1 minute' end
    from seed_sends s
    join (select send_id, count(*) as total, count(*) filter (where status = 'running') as running, count(*) filter (where status = 'completed') as completed,
        count(*) filter (where status = 'failed') as failed, count(*) filter (where status = 'partial_failure') as partial,
        count(*) filter (where status = 'cancelled') as cancelled
      from flow_executions where workspace_id = ${workspaceId} group by send_id) e on e.send_id = s.id`.execute(db);
}
