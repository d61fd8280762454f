import { sql } from "kysely";
import { DateTime } from "luxon";
import { type ChartCounts, type ChartSeries, type ChartUnit, chartSeries, mostChartBuckets, type SendChart } from "#contract/send-chart.ts";
import type { Db } from "../client.ts";
import type { LabelOfType } from "./execution-rows.ts";
import { nodesOfVersions } from "./version-nodes.ts";

interface Args {
  workspaceId: string;
  sendId: string;
  /** Only what happened at this step. */
  nodeId?: string | undefined;
  labelOfType: LabelOfType;
  /** Providers whose messages never leave this machine. */
  keptBy: readonly string[];
}

interface Row {
  time_zone: string;
  unit: ChartUnit;
  kind: ChartSeries | null;
  bucket: Date | null;
  count: number;
}

/**
 * What happened of a send, in buckets that are as long as its span asks for; undefined where there is no such send. Everything is counted
 * by minutes first, in which every zone's hours and days begin.
 */
export async function findSendChart(db: Db, args: Args): Promise<SendChart | undefined> {
  const { workspaceId, sendId, nodeId, labelOfType } = args;
  const { rows } = await sql<Row>`
    with send as materialized (
      select s.id, s.workspace_id, s.created_at, w.time_zone from flow_sends s join workspaces w on w.id = s.workspace_id
      where s.workspace_id = ${workspaceId} and s.id = ${sendId}::uuid
    ), minutes as materialized (
      select kind, date_trunc('minute', at) as at, count(*)::int as count from (${events(args)}) events where at is not null group by 1, 2
    ), span as (
      select max(at) - min(at) as length from minutes
    ), chosen as (
      select case when coalesce(length, interval '0') < interval '2 hours' then 'minute' when length < interval '7 days' then 'hour'
        when length < interval '360 days' then 'day' else 'month' end as unit from span
    )
    select send.time_zone, chosen.unit, b.kind, b.bucket, coalesce(b.count, 0) as count
    from send cross join chosen
    left join lateral (
      select kind, date_trunc(chosen.unit, at, send.time_zone) as bucket, sum(count)::int as count from minutes group by 1, 2) b on true`.execute(
    db,
  );
  const [first] = rows;
  if (!first) return undefined;
  const { unit } = first;
  const nodes = await listNodes(db, workspaceId, sendId);
  const counted = new Map<number, ChartCounts>();
  const totals = nothing();
  for (const { kind, bucket, count } of rows) {
    if (!kind || !bucket) continue;
    const at = bucket.getTime();
    const counts = counted.get(at) ?? nothing();
    counts[kind] += count;
    totals[kind] += count;
    counted.set(at, counts);
  }
  const buckets = withGaps([...counted.keys()], unit, first.time_zone).map((at) => ({
    from: new Date(at).toISOString(),
    counts: counted.get(at) ?? nothing(),
  }));
  return {
    sendId,
    nodeId: nodeId ?? null,
    nodes: nodes.map(({ id, type, label }) => ({ id, label: label || (labelOfType(type) ?? type) })),
    unit,
    timeZone: first.time_zone,
    buckets,
    totals,
  };
}

/** The steps of the version that the send follows, in the order in which they stand in it. */
async function listNodes(db: Db, workspaceId: string, sendId: string): Promise<{ id: string; type: string; label: string | null }[]> {
  const version = sql`select s.flow_version_id from flow_sends s where s.workspace_id = ${workspaceId} and s.id = ${sendId}::uuid`;
  const { rows } = await sql<{ id: string; type: string; label: string | null }>`
    select n.node_id as id, n.type, n.label from (${nodesOfVersions(workspaceId, version)}) n
    join flow_versions v on v.workspace_id = ${workspaceId} and v.id = n.version_id
    order by (select min(o.place) from jsonb_array_elements(v.nodes) with ordinality as o (node, place)
      where o.node ->> 'id' = n.node_id)`.execute(db);
  return rows;
}

const nothing = (): ChartCounts => Object.fromEntries(chartSeries.map((one) => [one, 0])) as ChartCounts;

/** Every event of the send, or of one step of it, with its time. An enrollment replies, clicks and opts out once. */
function events({ workspaceId, nodeId, keptBy }: Args) {
  const ofSend = (table: string) =>
    sql`${sql.ref(`${table}.workspace_id`)} = ${workspaceId} and ${sql.ref(`${table}.send_id`)} = (select id from send)`;
  const ofNode = nodeId === undefined ? sql`` : sql`and m.node_id = ${nodeId}`;
  const answers = sql`
    select m.flow_execution_id, i.word, i.received_at as at from messages m
    join inbound_messages i on i.workspace_id = ${workspaceId} and i.answers_id = m.id and not i.automatic
    where ${ofSend("m")} ${ofNode} and m.flow_execution_id is not null`;
  const ofWhole = sql`
    select x.kind, x.at from flow_executions e
    cross join lateral (values ('started', e.started_at),
      ('failed', case when e.status in ('failed', 'partial_failure') then e.completed_at end)) as x (kind, at)
    where ${ofSend("e")}`;
  /** A step that a retry did anew has not failed. */
  const ofStep = sql`
    select x.kind, x.at from (
      select min(p.started_at) as came, min(p.completed_at) filter (where p.status = 'failed' and not p.is_retried and not exists (
        select from flow_execution_steps l where l.flow_execution_id = p.flow_execution_id and l.visit = p.visit and l.attempt > p.attempt)) as failed
      from flow_executions e join flow_execution_steps p on p.workspace_id = ${workspaceId} and p.flow_execution_id = e.id and p.node_id = ${nodeId ?? ""}
      where ${ofSend("e")} group by e.id) s
    cross join lateral (values ('started', s.came), ('failed', s.failed)) as x (kind, at)`;
  const clicked = sql`
    select 'clicked', min(t.first_at) from tracked_links t ${
      nodeId === undefined
        ? sql``
        : sql`join messages m on m.workspace_id = t.workspace_id and m.flow_execution_id = t.flow_execution_id and m.visit = t.visit
            and m.channel = t.channel ${ofNode}`
    } where ${ofSend("t")} and t.kind = 'click' and t.first_at is not null group by t.flow_execution_id`;
  return sql`
    ${nodeId === undefined ? ofWhole : ofStep}
    union all
    select x.kind, x.at from messages m
    cross join lateral (values (case when m.provider = any(${[...keptBy]}::text[]) then 'captured' else 'sent' end, m.sent_at),
      ('delivered', m.delivered_at), ('undelivered', case when m.status = 'undelivered' then m.updated_at end)) as x (kind, at)
    where ${ofSend("m")} ${ofNode}
    union all
    select 'replied', min(at) from (${answers}) a where word is distinct from 'stop' group by flow_execution_id
    union all
    ${clicked}
    union all
    select 'optedOut', min(at) from (
      select flow_execution_id, at from (${answers}) a where word = 'stop'
      union all
      -- By the link of an e-mail, or as the provider tells: it is of the send whose message was the last one before.
      select e.id, k.created_at from send s
      join flow_executions e on e.workspace_id = s.workspace_id and e.send_id = s.id
      join contact_consents k on k.workspace_id = e.workspace_id and k.contact_id = e.contact_id and k.state = 'opted_out'
        and k.actor_id is null and k.created_at >= s.created_at
      cross join lateral (
        select m.flow_execution_id, m.node_id from messages m
        where m.workspace_id = ${workspaceId} and m.contact_id = k.contact_id and m.created_at <= k.created_at and k.channel in (m.channel, 'all')
        order by m.created_at desc limit 1) last
      where last.flow_execution_id = e.id ${nodeId === undefined ? sql`` : sql`and last.node_id = ${nodeId}`}) o
    group by flow_execution_id`;
}

/** The beginnings of all buckets from the first to the last. Those that hold something are kept whatever a calendar says of them. */
function withGaps(known: readonly number[], unit: ChartUnit, zone: string): number[] {
  if (known.length === 0) return [];
  const last = Math.max(...known);
  const all = new Set(known);
  let at = DateTime.fromMillis(Math.min(...known), { zone });
  for (let n = 0; n < mostChartBuckets - known.length && at.toMillis() < last; n += 1) {
    at = at.plus({ [unit]: 1 }).startOf(unit);
    if (at.toMillis() < last) all.add(at.toMillis());
  }
  return [...all].sort((a, b) => a - b).slice(-mostChartBuckets);
}
