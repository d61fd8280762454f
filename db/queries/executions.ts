import { type RawBuilder, type SqlBool, sql } from "kysely";
import { capturedMessages, type Execution, type ExecutionListQuery, type TestRuns } from "#contract/executions.ts";
import type { Db } from "../client.ts";
import { matchesFilter } from "./contact-filter.ts";
import { type ExecutionRow, type ExecutionWords, readExecutions, toExecution } from "./execution-rows.ts";
import { type Look, scanFiltered, toLook } from "./filtered-scan.ts";
import { microseconds, moment, type Page, type Place, readPlace, toPage, writePlace } from "./newest-first.ts";

type ListArgs = { workspaceId: string } & ExecutionWords & ExecutionListQuery;

/** More contacts than this match: then executions are looked through instead, and matches are found soon. */
const fewContacts = 1000;

/** Executions of a flow, a contact, a send, or of everything, newest first. */
export async function listExecutions(db: Db, args: ListArgs): Promise<Page<Execution>> {
  const list = args.sendId ? "executions of a send" : "executions";
  const place = readPlace(list, args.cursor);
  const wanted = args.limit + 1;
  const since = performance.now();
  if (await isKnownEmpty(db, args)) return { items: [], nextCursor: null };
  const contacts = await narrowToContacts(db, args);
  const longest = longestStretch(args, contacts);
  const uncompleted = contacts?.only || args.contactId || args.ids || args.missed ? undefined : onlyUncompleted(args.status);
  const filter: RawBuilder<SqlBool>[] = [
    ...conditionsOf(args),
    // A send is read by its own count, so a time does not bound what is read.
    ...(args.sendId ? enrolledWithin(args, "e.created_at") : []),
    ...(args.missed ? [hasMissed(args.missed)] : []),
    ...(args.status && !uncompleted ? [sql<SqlBool>`e.status = any(${args.status})`] : []),
    ...(contacts?.filter ?? []),
  ];
  const scope = (from: Place | undefined, limit: number) =>
    uncompleted
      ? scopeOfUncompleted({ ...args, statuses: uncompleted }, from, limit)
      : scopeOf({ ...args, only: contacts?.only }, from, limit);

  const cursorAfter = (row: ExecutionRow) => writePlace(list, { at: row.position, id: row.id });
  if (filter.length === 0) {
    const rows = await readExecutions(db, { workspaceId: args.workspaceId, page: scope(place, wanted) });
    return toPage(rows, args.limit, toExecution(args), cursorAfter);
  }
  const { ids, resumeAt } = await scanFiltered({ place, wanted, longest, since }, (from, stillWanted, stretch) =>
    look(db, { stretch: scope(from, stretch), filter: sql.join(filter, sql` and `), wanted: stillWanted }),
  );
  const page = sql`select e.*, ${positionOf(args)} as position from flow_executions e
    where e.workspace_id = ${args.workspaceId} and e.id = any(${ids}::uuid[])`;
  const rows = await readExecutions(db, { workspaceId: args.workspaceId, page });
  const found = toPage(rows, args.limit, toExecution(args), cursorAfter);
  return resumeAt ? { ...found, nextCursor: writePlace(list, resumeAt) } : found;
}

export async function findExecution(
  db: Db,
  { workspaceId, id, ...words }: { workspaceId: string; id: string } & ExecutionWords,
): Promise<Execution | undefined> {
  const page = sql`select e.*, 0 as position from flow_executions e where e.workspace_id = ${workspaceId} and e.id = ${id}::uuid`;
  const [row] = await readExecutions(db, { workspaceId, page });
  return row && toExecution(words)(row);
}

type Scope = Pick<ListArgs, "workspaceId" | "flowId" | "contactId" | "sendId" | "ids" | "from" | "to"> & {
  only: RawBuilder<SqlBool> | undefined;
};

/** The key of a list's order: the moment, or within a send its own count, because an index has that order. */
const positionOf = ({ sendId }: Pick<Scope, "sendId">): RawBuilder<number> => (sendId ? sql`e.seq` : microseconds("e.created_at"));

/** The newest rows from a place on, by what has an index, before anything is joined to them. */
function scopeOf(scope: Scope, place: Place | undefined, limit: number): RawBuilder<unknown> {
  const { workspaceId, flowId, contactId, sendId, ids } = scope;
  const conditions: RawBuilder<SqlBool>[] = [sql`e.workspace_id = ${workspaceId}`];
  if (scope.only) conditions.push(scope.only);
  if (flowId) conditions.push(sql`e.flow_id = ${flowId}::uuid`);
  if (contactId) conditions.push(sql`e.contact_id = ${contactId}::uuid`);
  if (ids) conditions.push(sql`e.id = any(${ids}::uuid[])`);
  if (!sendId) conditions.push(...enrolledWithin(scope, "e.created_at"));
  const columns = sql`e.*, ${positionOf(scope)} as position`;
  const where = (...more: RawBuilder<SqlBool>[]) => sql.join([...conditions, ...more], sql` and `);

  if (sendId) {
    const further = place ? sql<SqlBool>`e.seq < ${place.at}::bigint` : sql<SqlBool>`true`;
    return sql`select ${columns} from flow_executions e where ${where(sql`e.send_id = ${sendId}::uuid`, further)}
      order by e.seq desc limit ${limit}`;
  }
  const older = place ? sql<SqlBool>`(e.created_at, e.id) < (${moment(place.at)}, ${place.id}::uuid)` : sql<SqlBool>`true`;
  const newest = sql`order by e.created_at desc, e.id desc limit ${limit}`;
  if (flowId || contactId || ids || scope.only) return sql`select ${columns} from flow_executions e where ${where(older)} ${newest}`;
  // No index spans all flows (it would be one more to write for each execution), so the newest of each flow are merged.
  return sql`
    select ${columns} from private.flow_names flows
    cross join lateral (select e.* from flow_executions e where ${where(sql`e.flow_id = flows.id`, older)} ${newest}) e
    where flows.workspace_id = ${workspaceId} ${newest}`;
}

const enrolledWithin = ({ from, to }: Pick<ListArgs, "from" | "to">, column: string): RawBuilder<SqlBool>[] => [
  ...(from ? [sql<SqlBool>`${sql.ref(column)} >= ${from}::timestamptz`] : []),
  ...(to ? [sql<SqlBool>`${sql.ref(column)} < ${to}::timestamptz`] : []),
];

/** What is asked of an execution itself and of its steps, none of which has an index. */
function conditionsOf(args: ListArgs) {
  const { versionId, reason, nodeId, passedNodeId, skippedNodeId, failedNodeId, leftNodeId, exit, testRuns } = args;
  const conditions: RawBuilder<SqlBool>[] = [];
  if (testRuns) conditions.push(isOfTests(testRuns));
  if (versionId) conditions.push(sql`e.flow_version_id = ${versionId}::uuid`);
  if (reason) conditions.push(sql`e.ended_reason = ${reason}`);
  // Only one that has not ended waits: asked first, it spares most executions the look at their steps.
  if (nodeId) conditions.push(sql`e.status in ('pending', 'running') and ${lastVisitTo(nodeId, sql`k.status`)} in ('waiting', 'running')`);
  if (passedNodeId) conditions.push(sql`${lastVisitTo(passedNodeId, sql`k.status`)} = 'completed'`);
  if (skippedNodeId) conditions.push(sql`${lastVisitTo(skippedNodeId, sql`k.status`)} = 'skipped'`);
  if (failedNodeId) conditions.push(sql`${lastVisitTo(failedNodeId, sql`k.status`)} = 'failed'`);
  if (leftNodeId) conditions.push(sql`${lastVisitTo(leftNodeId, sql`k.exit`)} = ${exit ?? null}`);
  return conditions;
}

/** Whether an execution `e` is of a test send, or of none. */
export const isOfTests = (testRuns: TestRuns): RawBuilder<SqlBool> => sql`(select s.is_test from flow_sends s
  where s.workspace_id = e.workspace_id and s.id = e.send_id) = ${testRuns === "only"}`;

/** A column of the step that an execution took at a node last: of several tries the last one, of several visits too. */
const lastVisitTo = (nodeId: string, column: RawBuilder<unknown>): RawBuilder<string> => sql`(select ${column} from flow_execution_steps k
  where k.workspace_id = e.workspace_id and k.flow_execution_id = e.id and k.node_id = ${nodeId}
  order by k.visit desc, k.attempt desc limit 1)`;

/** Whether a message of the execution did not leave; the first condition is that of the index `flow_executions_missed`. */
function hasMissed(missed: NonNullable<ListArgs["missed"]>): RawBuilder<SqlBool> {
  if (missed === "any") return sql`e.missed is not null`;
  const isCaptured = sql`e.missed && ${[...capturedMessages]}::text[]`;
  if (missed === "nobody") return sql`e.missed is not null and not e.reached and not ${isCaptured} and e.completed_at is not null`;
  if (missed === "captured") return sql`e.missed is not null and not e.reached and ${isCaptured}`;
  if (missed.includes(":")) return sql`e.missed is not null and ${missed}::text = any(e.missed)`;
  return sql`e.missed is not null and exists (select from unnest(e.missed) m where m like ${`${missed}:%`})`;
}

const uncompletedStatuses: readonly Execution["status"][] = ["failed", "partial_failure", "cancelled"];

/** The statuses asked for, if all of them are kept apart by the triggers of `uncompleted_executions`. */
function onlyUncompleted(statuses: ListArgs["status"]): Execution["status"][] | undefined {
  return statuses?.every((status) => uncompletedStatuses.includes(status)) ? [...new Set(statuses)] : undefined;
}

/** The newest of each status asked for, merged: however rare they are among the executions, they stand together here. */
function scopeOfUncompleted(
  scope: Pick<Scope, "workspaceId" | "flowId" | "sendId" | "from" | "to"> & { statuses: readonly string[] },
  place: Place | undefined,
  limit: number,
): RawBuilder<unknown> {
  const { workspaceId, flowId, sendId, statuses } = scope;
  const conditions: RawBuilder<SqlBool>[] = [sql`u.workspace_id = ${workspaceId}`, sql`u.status = asked.status`];
  if (flowId) conditions.push(sql`u.flow_id = ${flowId}::uuid`);
  if (sendId) conditions.push(sql`u.send_id = ${sendId}::uuid`);
  if (!sendId) conditions.push(...enrolledWithin(scope, "u.created_at"));
  if (place && sendId) conditions.push(sql`u.seq < ${place.at}::bigint`);
  if (place && !sendId) conditions.push(sql`(u.created_at, u.execution_id) < (${moment(place.at)}, ${place.id}::uuid)`);
  const newest = sendId ? sql`order by u.seq desc limit ${limit}` : sql`order by u.created_at desc, u.execution_id desc limit ${limit}`;
  return sql`
    select e.*, ${positionOf(scope)} as position from (
      select u.* from unnest(${[...statuses]}::text[]) as asked (status)
      cross join lateral (select u.* from uncompleted_executions u where ${sql.join(conditions, sql` and `)} ${newest}) u
      ${newest}
    ) u
    join flow_executions e on e.workspace_id = ${workspaceId} and e.id = u.execution_id
    order by ${sendId ? sql`e.seq desc` : sql`e.created_at desc, e.id desc`} limit ${limit}`;
}

/** Reading all flows at once reads the stretch from each of them; asking for contacts costs a look at each contact. */
function longestStretch({ flowId, contactId, sendId, status }: ListArgs, contacts: Narrowed | undefined): number {
  if (!flowId && !contactId && !sendId && !contacts?.only && !onlyUncompleted(status)) return 500;
  return contacts?.filter.length ? 5000 : 12_500;
}

async function look(db: Db, given: { stretch: RawBuilder<unknown>; filter: RawBuilder<unknown>; wanted: number }): Promise<Look> {
  const { rows } = await sql<{ ids: string[] | null; looked: number; end_id: string | null; end_at: number | null }>`
    with stretch as materialized (
      select e.id, e.workspace_id, e.position, e.status, e.contact_id, e.missed, e.reached, e.completed_at, e.created_at, e.flow_version_id,
        e.ended_reason, e.send_id from (${given.stretch}) e),
    oldest as (select e.id, e.position from stretch e order by e.position, e.id limit 1)
    select
      (select array_agg(id) from (
        select e.id from stretch e where ${given.filter} order by e.position desc, e.id desc limit ${given.wanted}) found) as ids,
      (select count(*) from stretch) as looked, (select id from oldest) as end_id, (select position from oldest) as end_at`.execute(db);
  return toLook(rows[0]);
}

/** The sends keep count of their executions by status: that nobody failed, which is the usual case, costs no reading. */
async function isKnownEmpty(db: Db, { workspaceId, status, flowId, sendId, contactId, ids }: ListArgs): Promise<boolean> {
  if (!status || contactId || ids) return false;
  const counters = sql.join(
    status.map((one) => counterOf[one]),
    sql` + `,
  );
  const { rows } = await sql<{ some: boolean }>`
    select exists (select from flow_sends s where s.workspace_id = ${workspaceId} and ${counters} > 0
      ${flowId ? sql`and s.flow_id = ${flowId}::uuid` : sql``} ${sendId ? sql`and s.id = ${sendId}::uuid` : sql``}) as some`.execute(db);
  return !rows[0]?.some;
}

const active = sql`(s.enrolled - s.completed - s.failed - s.partial_failure - s.cancelled)`;
const counterOf: Record<Execution["status"], RawBuilder<unknown>> = {
  pending: active,
  running: active,
  completed: sql`s.completed`,
  failed: sql`s.failed`,
  cancelled: sql`s.cancelled`,
  partial_failure: sql`s.partial_failure`,
};

interface Narrowed {
  /** Few contacts: their executions are found by index. */
  only: RawBuilder<SqlBool> | undefined;
  /** Many: each execution is asked for its contact. */
  filter: RawBuilder<SqlBool>[];
}

/** How the contacts that a search finds are asked for, of executions `e`. */
export async function narrowToContacts(
  db: Db,
  { workspaceId, search }: { workspaceId: string; search?: string | undefined },
): Promise<Narrowed | undefined> {
  if (!search) return undefined;
  const matching = db
    .selectFrom("private.member_contacts as contacts")
    .select("contacts.id")
    .where("contacts.workspace_id", "=", workspaceId)
    .where(matchesFilter({ search, tests: [] }));
  const few = await matching.limit(fewContacts + 1).execute();
  if (few.length <= fewContacts) return { only: sql`e.contact_id = any(${few.map(({ id }) => id)}::uuid[])`, filter: [] };
  return { only: undefined, filter: [sql`exists (${matching.where("contacts.id", "=", sql.ref<string>("e.contact_id"))})`] };
}
