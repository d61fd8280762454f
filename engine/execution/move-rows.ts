import { sql } from "kysely";
import type { Db, Tx } from "#db/client.ts";
import { microArray, numberArray, textArray, uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import type { ChunkExecution } from "./chunk.ts";
import { nothingInFlight } from "./end-rows.ts";

/**
 * Locks executions that are to be moved, so that no worker claims a message for them, has an effect or moves their cursor
 * until the end of the transaction: a claim and an effect lock what they lead on (for key share, for share) and pass over
 * what is locked. Executions that are locked already are passed over here; they are moved when they are read next.
 */
export async function lockToMove(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from flow_executions
    where id = any(${uuidArray(ids)}::uuid[]) and status in ('pending', 'running') and cancel_reason is null
    for update skip locked`.execute(tx);
  return rows.map(({ id }) => id);
}

/**
 * Returns those of locked executions that stand still: no message, call or other flow is under way, and no pass that was
 * cut off has written anything beyond their cursors. It is a statement of its own, so that it sees what was committed before the
 * lock.
 */
export async function findStanding(tx: Tx, ids: readonly string[], clock: Clock): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select e.id from flow_executions e
    where e.id = any(${uuidArray(ids)}::uuid[]) and e.waiting_for is distinct from 'child' and ${nothingInFlight(clock)}
      and not exists (select from flow_execution_steps s where s.flow_execution_id = e.id and (s.visit > e.visit
        or e.waiting_for is not null and s.visit = e.visit and s.attempt >= e.attempt and s.status <> 'waiting'))`.execute(tx);
  return rows.map(({ id }) => id);
}

/**
 * Locks the open steps and the wake-ups of executions whose rows are locked, and returns the executions of which another
 * worker holds one just now.
 */
export async function lockOpenRows(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    with open as materialized (
      select s.id, s.flow_execution_id from flow_executions e
      join flow_execution_steps s on s.flow_execution_id = e.id and s.visit = e.visit and s.attempt = e.attempt
      where e.id = any(${uuidArray(ids)}::uuid[]) and e.waiting_for is not null
    ), locked as materialized (
      select id from flow_execution_steps where id = any(array(select id from open)) for no key update skip locked
    ), asleep as materialized (
      select flow_execution_id from wake_ups where flow_execution_id = any(${uuidArray(ids)}::uuid[]) for update skip locked
    )
    select flow_execution_id as id from open where id not in (select id from locked)
    union all
    select flow_execution_id from wake_ups where flow_execution_id = any(${uuidArray(ids)}::uuid[])
      and flow_execution_id not in (select flow_execution_id from asleep)`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}

/** Writes the version and the place of executions that were moved. Their rows are locked. */
export async function writeMoved(tx: Tx, executions: readonly ChunkExecution[]): Promise<void> {
  const column = <T>(pick: (execution: ChunkExecution) => T) => executions.map(pick);
  await sql`
    update flow_executions e set flow_version_id = i.version_id, seen_publication = i.seen, current_node_id = i.node_id, attempt = i.attempt,
      wake_at = to_timestamp(i.wake_at / 1000000), waiting_for = i.waiting_for, updated_at = now()
    from unnest(${uuidArray(column((x) => x.id))}::uuid[], ${uuidArray(column((x) => x.writes.moved?.versionId ?? null))}::uuid[],
      ${numberArray(column((x) => x.writes.moved?.seenPublication ?? null))}::int[], ${textArray(column((x) => x.cursor.nodeId))}::text[],
      ${numberArray(column((x) => x.cursor.attempt))}::int[], ${microArray(column((x) => x.writes.wait?.until.getTime() ?? null))}::float8[],
      ${textArray(column((x) => x.writes.wait?.for ?? null))}::text[]
    ) as i (id, version_id, seen, node_id, attempt, wake_at, waiting_for)
    where e.id = any(${uuidArray(column((x) => x.id))}::uuid[]) and e.id = i.id`.execute(tx);
}

/** Writes that executions have seen publications that leave them where they are. */
export async function writeSeen(tx: Tx, executions: readonly ChunkExecution[]): Promise<void> {
  if (executions.length === 0) return;
  await sql`
    update flow_executions e set seen_publication = i.seen
    from unnest(${uuidArray(executions.map(({ id }) => id))}::uuid[],
      ${numberArray(executions.map(({ writes }) => writes.moved?.seenPublication ?? null))}::int[]) as i (id, seen)
    where e.id = i.id`.execute(tx);
}

/** Writes until when moved executions go on resting in the step in which they rest. */
export async function writeRests(tx: Tx, executions: readonly ChunkExecution[]): Promise<void> {
  const resting = executions.filter(({ writes: { moved } }) => moved?.rest);
  if (resting.length === 0) return;
  const rest = <T>(pick: (rest: { until: Date; result: unknown }) => T) =>
    resting.map(({ writes: { moved } }) => (moved?.rest ? pick(moved.rest) : null));
  await sql`
    update flow_execution_steps s set wake_at = to_timestamp(i.wake_at / 1000000),
      result = case when i.result is null then s.result else coalesce(s.result, '{}') || i.result::jsonb end
    from unnest(${uuidArray(resting.map(({ id }) => id))}::uuid[], ${numberArray(resting.map(({ cursor }) => cursor.visit))}::int[],
      ${numberArray(resting.map(({ cursor }) => cursor.attempt))}::int[], ${microArray(rest(({ until }) => until.getTime()))}::float8[],
      ${textArray(rest(({ result }) => (result === undefined ? null : JSON.stringify(result))))}::text[]
    ) as i (execution_id, visit, attempt, wake_at, result)
    where s.flow_execution_id = i.execution_id and s.visit = i.visit and s.attempt = i.attempt and s.status = 'waiting'`.execute(tx);
}

/** Records from where to where executions were moved. */
export async function recordMoves(tx: Tx, executions: readonly ChunkExecution[], clock: Clock): Promise<void> {
  const records = executions.flatMap((execution) =>
    (execution.writes.moved?.records ?? []).map((record) => ({ ...record, executionId: execution.id, visit: execution.row.from.visit })),
  );
  const [first] = executions;
  if (!first || records.length === 0) return;
  await sql`
    insert into flow_execution_moves (flow_execution_id, publication_id, workspace_id, action, from_version_id, from_node_id, to_node_id, visit, moved_at)
    select i.execution_id, i.publication_id, ${first.send.workspaceId}, i.action, i.from_version_id, i.from_node_id, i.to_node_id, i.visit, ${clock.now}
    from unnest(${uuidArray(records.map(({ executionId }) => executionId))}::uuid[],
      ${uuidArray(records.map(({ move }) => move.publicationId))}::uuid[], ${textArray(records.map(({ action }) => action))}::text[],
      ${uuidArray(records.map(({ fromVersionId }) => fromVersionId))}::uuid[], ${textArray(records.map(({ fromNodeId }) => fromNodeId))}::text[],
      ${textArray(records.map(({ toNodeId }) => toNodeId))}::text[], ${numberArray(records.map(({ visit }) => visit))}::int[]
    ) as i (execution_id, publication_id, action, from_version_id, from_node_id, to_node_id, visit)
    on conflict do nothing`.execute(tx);
}

export interface MoveRow {
  publication_id: string;
  seq: number;
  from_version_id: string;
  to_version_id: string;
  from_node_id: string;
  action: "follow" | "node" | "leave";
  to_node_id: string | null;
}

/** The rules for the people of these versions, of all publications after the one that is given for each. */
export async function readMoveRows(db: Db, after: ReadonlyMap<string, number>): Promise<MoveRow[]> {
  const { rows } = await sql<MoveRow>`
    select m.publication_id, p.seq, m.from_version_id, p.version_id as to_version_id, m.from_node_id, m.action, m.to_node_id
    from unnest(${uuidArray([...after.keys()])}::uuid[], ${numberArray([...after.values()])}::int[]) as seen (version_id, seq)
    join flow_versions v on v.id = seen.version_id
    cross join lateral (
      select id, seq, version_id from flow_publications
      where workspace_id = v.workspace_id and flow_id = v.flow_id and seq > seen.seq offset 0
    ) p
    cross join lateral (select * from flow_moves where publication_id = p.id and from_version_id = v.id offset 0) m`.execute(db);
  return rows;
}
