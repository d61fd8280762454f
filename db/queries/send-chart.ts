import { sql } from "kysely";
import { DateTime } from "luxon";
import { type ChartCounts, type ChartSeries, type ChartUnit, chartSeries, mostChartBuckets, type SendChart } from "#contract/send-chart.ts";
import type { Db } from "../client.ts";
import type { LabelOfType } from "./execution-rows.ts";
import { type EventsOfSend, sendEvents } from "./send-events.ts";
import { nodesOfVersions } from "./version-nodes.ts";

interface Args extends EventsOfSend {
  labelOfType: LabelOfType;
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
      select s.id, w.time_zone from flow_sends s join workspaces w on w.id = s.workspace_id
      where s.workspace_id = ${workspaceId} and s.id = ${sendId}::uuid
    ), minutes as materialized (
      select kind, date_trunc('minute', at) as at, count(*)::int as count from (${sendEvents(args)}) events where at is not null group by 1, 2
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
