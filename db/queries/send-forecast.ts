import { type RawBuilder, sql } from "kysely";
import { z } from "zod";
import type { StepStatus } from "#contract/executions.ts";
import type { Forecast } from "#contract/forecasts.ts";
import type { Reason } from "#contract/reasons.ts";
import type { DifferingContact, SendForecast } from "#contract/send-forecasts.ts";
import type { Db } from "../client.ts";
import { displayName } from "./contact-rows.ts";
import { contentOf } from "./flow-content.ts";
import { type Page, toPage } from "./newest-first.ts";
import { readCursor, writeCursor } from "./page-cursor.ts";

interface SendKey {
  workspaceId: string;
  sendId: string;
}

interface Compared extends SendKey {
  forecastId: string;
  forecastAt: Date;
}

/** Compares what was forecast of a send with what came. Undefined where it has no forecast, or there is no such send. */
export async function compareWithForecast(db: Db, key: SendKey): Promise<SendForecast | undefined> {
  const { rows } = await sql<{ id: string; created_at: Date; sums: Forecast; changed: boolean; is_over: boolean }>`
    select k.id, k.created_at, k.sums, k.flow_content is distinct from ${contentOf("v")} as changed,
      s.state in ('done', 'stopped', 'undone') and s.enrolled = s.completed + s.failed + s.partial_failure + s.cancelled as is_over
    from flow_sends s join forecasts k on k.workspace_id = s.workspace_id and k.id = s.forecast_id
    join flow_versions v on v.workspace_id = s.workspace_id and v.id = s.flow_version_id
    where s.workspace_id = ${key.workspaceId} and s.id = ${key.sendId}::uuid`.execute(db);
  const [row] = rows;
  if (!row) return undefined;
  const of: Compared = { ...key, forecastId: row.id, forecastAt: row.created_at };
  const differing = await sql<{ count: number }>`select count(*)::int as count from (${differingContacts(of)}) d`.execute(db);
  return {
    forecastId: row.id,
    forecastAt: row.created_at.toISOString(),
    flowChanged: row.changed,
    isOver: row.is_over,
    nodes: row.sums.nodes.map(({ nodeId, label, channel }) => ({ nodeId, label, channel })),
    outcomes: await countOutcomes(db, of),
    differing: differing.rows[0]?.count ?? 0,
  };
}

/** The last try of each visit of a stored way, in its order. */
const lastOfWay = (steps: RawBuilder<unknown>) => sql`(
  select distinct on ((t.step ->> 'visit')::int) (t.step ->> 'visit')::int as visit, t.step ->> 'nodeId' as node_id, t.step ->> 'status' as status,
    t.step ->> 'exit' as exit, t.step ->> 'reason' as reason
  from jsonb_array_elements(${steps}) with ordinality as t (step, place) order by (t.step ->> 'visit')::int, t.place desc)`;

/** Whether a step is the last try of its visit. `step` is the name of its row in the statement. */
const isLastTry = (step: string) => {
  const column = (name: string) => sql.ref(`${step}.${name}`);
  return sql`not exists (select from flow_execution_steps y
    where y.flow_execution_id = ${column("flow_execution_id")} and y.visit = ${column("visit")} and y.attempt > ${column("attempt")})`;
};

async function countOutcomes(db: Db, { workspaceId, sendId, forecastId }: Compared): Promise<SendForecast["outcomes"]> {
  const ofForecast = sql`workspace_id = ${workspaceId} and forecast_id = ${forecastId}::uuid`;
  const ofSend = sql`workspace_id = ${workspaceId} and send_id = ${sendId}::uuid`;
  const { rows } = await sql<{ node_id: string | null; status: StepStatus; reason: Reason | null; forecast: number; came: number }>`
    with planned as (
      select s.node_id, s.status, s.reason, sum(c.contacts) as contacts
      from (select way, count(*) as contacts from forecast_contacts where ${ofForecast} and way is not null group by way) c
      join forecast_ways w on w.workspace_id = ${workspaceId} and w.forecast_id = ${forecastId}::uuid and w.way = c.way
      cross join lateral ${lastOfWay(sql`w.steps`)} s group by 1, 2, 3
      union all
      select null, case when refusal is null then 'completed' else 'skipped' end, refusal, count(*)
      from forecast_contacts where ${ofForecast} group by refusal
    ), came as (
      select x.node_id, x.status, x.reason, count(*) as contacts
      from flow_executions e join flow_execution_steps x on x.workspace_id = e.workspace_id and x.flow_execution_id = e.id
      where e.workspace_id = ${workspaceId} and e.send_id = ${sendId}::uuid and x.status in ('completed', 'skipped', 'failed') and ${isLastTry("x")}
      group by 1, 2, 3
      union all select null, 'completed', null, count(*) from flow_executions where ${ofSend}
      union all select null, 'skipped', reason, count(*) from flow_send_skips where ${ofSend} group by reason
    )
    select node_id, status, reason, sum(forecast)::int as forecast, sum(came)::int as came
    from (select node_id, status, reason, contacts as forecast, 0 as came from planned
      union all select node_id, status, reason, 0, contacts from came) both_sides
    group by 1, 2, 3 having sum(forecast) + sum(came) > 0 order by node_id nulls first, status, reason nulls first`.execute(db);
  return rows.map(({ node_id, ...row }) => ({ nodeId: node_id, ...row }));
}

/**
 * The contacts that have come to their end another way than was forecast: `contact_id`, the steps of both sides, and whether one side
 * does not know the contact. Executions of contacts that were erased tell nobody's way.
 */
function differingContacts({ workspaceId, sendId, forecastId }: Compared, after: string | null = null) {
  const text = sql`string_agg(concat_ws(' ', s.visit, s.node_id, s.status, coalesce(s.exit, '-'), coalesce(s.reason, '-')), E'\n' order by s.visit)`;
  const ofContact = sql`k.workspace_id = ${workspaceId} and k.forecast_id = ${forecastId}::uuid`;
  const later = (column: string) => (after === null ? sql`` : sql`and ${sql.ref(column)} > ${after}::uuid`);
  return sql`
    with ways as materialized (
      select w.way, s.text from forecast_ways w cross join lateral (select ${text} as text from ${lastOfWay(sql`w.steps`)} s) s
      where w.workspace_id = ${workspaceId} and w.forecast_id = ${forecastId}::uuid
    )
    select e.contact_id, e.id as execution_id, null::text as skip, k.contact_id is null as is_new, false as is_gone, k.refusal, k.way
    from flow_executions e
    left join forecast_contacts k on ${ofContact} and k.contact_id = e.contact_id
    left join ways w on w.way = k.way
    cross join lateral (
      select ${text} as text from flow_execution_steps s
      where s.workspace_id = e.workspace_id and s.flow_execution_id = e.id
        and ${isLastTry("s")}
    ) x
    where e.workspace_id = ${workspaceId} and e.send_id = ${sendId}::uuid and e.contact_id is not null ${later("e.contact_id")}
      and e.status not in ('pending', 'running') and x.text is distinct from w.text
    union all
    select p.contact_id, null, p.reason, k.contact_id is null, false, k.refusal, k.way
    from flow_send_skips p left join forecast_contacts k on ${ofContact} and k.contact_id = p.contact_id
    where p.workspace_id = ${workspaceId} and p.send_id = ${sendId}::uuid ${later("p.contact_id")} and k.refusal is distinct from p.reason
    union all
    select k.contact_id, null, null, false, true, k.refusal, k.way
    from forecast_contacts k join flow_sends o on o.workspace_id = k.workspace_id and o.id = ${sendId}::uuid and o.state not in ('enrolling', 'awaiting_approval')
    where ${ofContact} ${later("k.contact_id")}
      and not exists (select from flow_executions e where e.workspace_id = k.workspace_id and e.send_id = ${sendId}::uuid and e.contact_id = k.contact_id)
      and not exists (select from flow_send_skips p where p.workspace_id = k.workspace_id and p.send_id = ${sendId}::uuid and p.contact_id = k.contact_id)`;
}

type Side = DifferingContact["came"];
interface DifferingRow {
  contact_id: string;
  found: boolean;
  name: string | null;
  firstname: string | null;
  lastname: string | null;
  is_new: boolean;
  is_gone: boolean;
  refusal: Reason | null;
  skip: Reason | null;
  planned: Visit[] | null;
  came: Visit[] | null;
  replied: boolean;
  changed: boolean;
}
type Visit = Side[number] & { visit: number; exit: string | null };

/** The contacts that went another way than was forecast. Undefined where the send has no forecast. */
export async function listDifferingContacts(
  db: Db,
  { cursor, limit, ...key }: SendKey & { cursor?: string | undefined; limit: number },
): Promise<Page<DifferingContact> | undefined> {
  const after = cursor === undefined ? null : readCursor(cursor, Place)[1];
  const send = await db
    .selectFrom("flow_sends as s")
    .innerJoin("forecasts as k", (join) => join.onRef("k.workspace_id", "=", "s.workspace_id").onRef("k.id", "=", "s.forecast_id"))
    .select(["k.id", "k.created_at"])
    .where("s.workspace_id", "=", key.workspaceId)
    .where("s.id", "=", key.sendId)
    .executeTakeFirst();
  if (!send) return undefined;
  const of: Compared = { ...key, forecastId: send.id, forecastAt: send.created_at };
  const visits = sql`json_agg(json_build_object('visit', s.visit, 'nodeId', s.node_id, 'status', s.status, 'exit', s.exit, 'reason', s.reason) order by s.visit)`;
  const { rows } = await sql<DifferingRow>`
    select d.contact_id, n.id is not null as found, n.name, n.firstname, n.lastname, d.is_new, d.is_gone, d.refusal, d.skip,
      (select ${visits} from forecast_ways w cross join lateral ${lastOfWay(sql`w.steps`)} s
        where w.workspace_id = ${key.workspaceId} and w.forecast_id = ${of.forecastId}::uuid and w.way = d.way) as planned,
      (select ${visits} from flow_execution_steps s where s.workspace_id = ${key.workspaceId} and s.flow_execution_id = d.execution_id
        and ${isLastTry("s")}) as came,
      exists (select from inbound_messages i where i.workspace_id = ${key.workspaceId} and i.contact_id = d.contact_id
        and i.received_at > ${of.forecastAt}) as replied,
      coalesce(c.updated_at > ${of.forecastAt}, true) as changed
    from (select * from (${differingContacts(of, after)}) all_of_them order by contact_id limit ${limit + 1}) d
    left join contacts c on c.workspace_id = ${key.workspaceId} and c.id = d.contact_id
    left join private.contact_names n on n.workspace_id = ${key.workspaceId} and n.id = d.contact_id
    order by d.contact_id`.execute(db);
  return toPage(rows, limit, toDiffering, (row) => writeCursor(["differing", row.contact_id]));
}

const Place = z.tuple([z.literal("differing"), z.uuid()]);

function toDiffering(row: DifferingRow): DifferingContact {
  const start = (reason: Reason | null): Side => [{ nodeId: null, status: reason === null ? "completed" : "skipped", reason }];
  const planned = row.is_new ? [] : row.refusal !== null ? start(row.refusal) : (row.planned ?? []);
  const came = row.is_gone ? [] : row.skip !== null ? start(row.skip) : (row.came ?? []);
  return {
    contactId: row.contact_id,
    name: row.found ? displayName({ name: row.name, firstname: row.firstname ?? "", lastname: row.lastname ?? "" }) : null,
    forecast: without(planned, came),
    came: without(came, planned),
    because: { isNew: row.is_new, isGone: row.is_gone, replied: row.replied, changed: row.changed },
  };
}

/** The steps of one side that the other does not have. */
function without(steps: readonly (Side[number] & Partial<Visit>)[], others: readonly (Side[number] & Partial<Visit>)[]): Side {
  const keyOf = ({ visit, nodeId, status, exit, reason }: Side[number] & Partial<Visit>) =>
    JSON.stringify([visit, nodeId, status, exit, reason]);
  const known = new Set(others.map(keyOf));
  return steps.filter((step) => !known.has(keyOf(step))).map(({ nodeId, status, reason }) => ({ nodeId, status, reason }));
}
