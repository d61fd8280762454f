import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { LoggedStep, StepLogQuery } from "#contract/executions.ts";
import type { Db } from "../client.ts";
import { displayName } from "./contact-rows.ts";
import { versionOfStep } from "./execution-moves.ts";
import type { LabelOfType } from "./execution-rows.ts";
import { isOfTests, narrowToContacts } from "./executions.ts";
import { scanFiltered, toLook } from "./filtered-scan.ts";
import { microseconds, moment, type Page, type Place, readPlace, toPage, writePlace } from "./newest-first.ts";
import { type StepRow, toStep } from "./steps.ts";
import { nodesOfVersions } from "./version-nodes.ts";

interface LoggedRow extends StepRow {
  position: number;
  flow_execution_id: string;
  flow_id: string;
  flow_name: string;
  flow_version_id: string;
  version_number: number;
  send_id: string;
  is_test: boolean;
  contact_id: string | null;
  name: string | null;
  firstname: string;
  lastname: string;
  execution_status: LoggedStep["executionStatus"];
  duration: number | null;
  provider_message_id: string | null;
}

type LogArgs = { workspaceId: string; labelOfType: LabelOfType } & StepLogQuery;
const list = "steps";
/** Each step that is looked at costs a look at its execution as well. */
const longest = 12_500;

/**
 * The steps of a workspace, newest first. A step does not say whose it is, its execution does, so what is asked of the
 * execution is looked for in the order of the list, a stretch at a time.
 */
export async function listStepLog(db: Db, args: LogArgs): Promise<Page<LoggedStep>> {
  const { workspaceId, limit, labelOfType } = args;
  const since = performance.now();
  const contacts = await narrowToContacts(db, args);
  const where = sql.join(
    [sql<SqlBool>`true`, ...conditionsOf(args), ...(contacts?.only ? [contacts.only] : []), ...(contacts?.filter ?? [])],
    sql` and `,
  );
  const place = readPlace(list, args.cursor);
  const { ids, resumeAt } = await scanFiltered({ place, wanted: limit + 1, longest, since }, async (from, wanted, stretch) => {
    const { rows } = await sql<{ ids: string[] | null; looked: number; end_id: string | null; end_at: number | null }>`
      with stretch as materialized (${newest(args, from, stretch)}),
      oldest as (select s.id, s.position from stretch s order by s.position, s.id limit 1)
      select
        (select array_agg(id) from (
          select s.id from stretch s join flow_executions e on e.workspace_id = ${workspaceId} and e.id = s.flow_execution_id
          where ${where} order by s.position desc, s.id desc limit ${wanted}) found) as ids,
        (select count(*)::int from stretch) as looked, (select id from oldest) as end_id, (select position from oldest) as end_at`.execute(
      db,
    );
    return toLook(rows[0]);
  });
  const rows = await readRows(db, workspaceId, ids);
  const found = toPage(rows, limit, toLogged(labelOfType), (row) => writePlace(list, { at: row.position, id: row.id }));
  return resumeAt ? { ...found, nextCursor: writePlace(list, resumeAt) } : found;
}

/** The newest steps from a place on, by the index `flow_execution_steps_created`. */
function newest({ workspaceId, from, to }: LogArgs, place: Place | undefined, limit: number): RawBuilder<unknown> {
  const conditions: RawBuilder<SqlBool>[] = [sql`s.workspace_id = ${workspaceId}`];
  if (from) conditions.push(sql`s.created_at >= ${from}::timestamptz`);
  if (to) conditions.push(sql`s.created_at < ${to}::timestamptz`);
  if (place) conditions.push(sql`(s.created_at, s.id) < (${moment(place.at)}, ${place.id}::uuid)`);
  return sql`select s.id, s.flow_execution_id, s.node_id, s.visit, s.status, s.reason, ${microseconds("s.created_at")} as position
    from flow_execution_steps s where ${sql.join(conditions, sql` and `)} order by s.created_at desc, s.id desc limit ${limit}`;
}

function conditionsOf({ flowId, sendId, versionId, contactId, nodeId, status, reason, testRuns }: LogArgs): RawBuilder<SqlBool>[] {
  return [
    ...(flowId ? [sql<SqlBool>`e.flow_id = ${flowId}::uuid`] : []),
    ...(sendId ? [sql<SqlBool>`e.send_id = ${sendId}::uuid`] : []),
    ...(testRuns ? [isOfTests(testRuns)] : []),
    ...(versionId ? [sql<SqlBool>`${versionOfStep} = ${versionId}::uuid`] : []),
    ...(contactId ? [sql<SqlBool>`e.contact_id = ${contactId}::uuid`] : []),
    ...(nodeId ? [sql<SqlBool>`s.node_id = ${nodeId}`] : []),
    ...(status ? [sql<SqlBool>`s.status = any(${status}::text[])`] : []),
    ...(reason ? [sql<SqlBool>`s.reason = ${reason}`] : []),
  ];
}

async function readRows(db: Db, workspaceId: string, ids: readonly string[]): Promise<LoggedRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<LoggedRow>`
    with page as materialized (
      select s.*, ${microseconds("s.created_at")} as position, e.flow_id, ${versionOfStep} as flow_version_id, e.send_id,
        e.contact_id, e.status as execution_status
      from flow_execution_steps s join flow_executions e on e.workspace_id = ${workspaceId} and e.id = s.flow_execution_id
      where s.workspace_id = ${workspaceId} and s.id = any(${ids}::uuid[])
    ),
    nodes as materialized (${nodesOfVersions(workspaceId, sql`select distinct flow_version_id from page`)})
    select page.id, page.position, page.flow_execution_id, page.node_id, page.node_type, nodes.label as node_label, page.visit, page.attempt,
      page.status, page.exit, page.reason, page.result, page.error_message, page.wake_at, page.started_at, page.completed_at,
      page.flow_id, flows.name as flow_name, page.flow_version_id, v.number as version_number, page.send_id, sends.is_test,
      page.contact_id, c.name, c.firstname, c.lastname, page.execution_status,
      round(extract(epoch from page.completed_at - page.started_at) * 1000)::bigint as duration,
      (select m.provider_message_id from messages m
        where m.workspace_id = ${workspaceId} and m.flow_execution_id = page.flow_execution_id and m.visit = page.visit
        order by m.created_at desc limit 1) as provider_message_id
    from page
    join flows on flows.workspace_id = ${workspaceId} and flows.id = page.flow_id
    join flow_versions v on v.workspace_id = ${workspaceId} and v.id = page.flow_version_id
    join flow_sends sends on sends.workspace_id = ${workspaceId} and sends.id = page.send_id
    left join private.contact_names c on c.workspace_id = ${workspaceId} and c.id = page.contact_id
    left join nodes on nodes.version_id = page.flow_version_id and nodes.node_id = page.node_id
    order by page.position desc, page.id desc`.execute(db);
  return rows;
}

const toLogged =
  (labelOfType: LabelOfType) =>
  (row: LoggedRow): LoggedStep => ({
    ...toStep(row, row.flow_execution_id, labelOfType),
    flowId: row.flow_id,
    flowName: row.flow_name,
    flowVersionId: row.flow_version_id,
    versionNumber: row.version_number,
    sendId: row.send_id,
    isTest: row.is_test,
    contactId: row.contact_id,
    contactName: row.contact_id === null ? null : displayName(row),
    executionStatus: row.execution_status,
    duration: row.duration,
    providerMessageId: row.provider_message_id,
  });
