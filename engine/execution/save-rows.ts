import { sql } from "kysely";
import { storableJson } from "#contract/storable.ts";
import type { Tx } from "#db/client.ts";
import { microArray, numberArray, textArray, uuidArray } from "../base/array.ts";
import type { ChunkExecution, StepRecord } from "./chunk.ts";
import { executionTime } from "./end-rows.ts";
import { addToReach } from "./message-tally.ts";
import { stepColumns, stepInput, stepValues } from "./step-rows.ts";

/** Another worker has moved one of these executions first, so this transaction must be rolled back. */
export class ChunkConflict extends Error {
  override name = "ChunkConflict";
}

/** Inserts the new steps. They are plain inserts: a visit that is there already makes the whole transaction fail (23505). */
export async function insertSteps(tx: Tx, executions: readonly ChunkExecution[]): Promise<void> {
  const steps = executions.flatMap(({ id, writes: { newSteps } }) => newSteps.map((step) => ({ executionId: id, step })));
  if (steps.length === 0) return;
  await sql`insert into flow_execution_steps (${stepColumns}) select ${stepValues} from ${stepInput(steps)}`.execute(tx);
}

/** Closes the steps at which executions waited. */
export async function closeSteps(tx: Tx, executions: readonly ChunkExecution[], now: number): Promise<void> {
  if (executions.some(({ writes: { closedStep } }) => closedStep)) await closing(executions, now).execute(tx);
}

/** The update of closeSteps, as a piece of a larger statement. */
export function closing(executions: readonly ChunkExecution[], now: number) {
  const closed = executions.flatMap(({ id, writes: { closedStep } }) => (closedStep ? [{ id, step: closedStep }] : []));
  const column = <T>(pick: (step: StepRecord) => T) => closed.map(({ step }) => pick(step));
  return sql`
    update flow_execution_steps s set status = i.status, exit = i.exit, reason = coalesce(i.reason, s.reason),
      result = case when i.result is null then s.result else coalesce(s.result, '{}') || i.result::jsonb end,
      error_message = coalesce(i.error_message, s.error_message),
      completed_at = greatest(to_timestamp(${now / 1000}::float8), s.started_at)
    from unnest(${uuidArray(closed.map(({ id }) => id))}::uuid[], ${numberArray(column((s) => s.visit))}::int[],
      ${numberArray(column((s) => s.attempt))}::int[], ${textArray(column((s) => s.status))}::text[],
      ${textArray(column((s) => s.exit))}::text[], ${textArray(column((s) => s.reason))}::text[],
      ${textArray(column((s) => (s.result === null ? null : JSON.stringify(s.result))))}::text[],
      ${textArray(column((s) => s.errorMessage))}::text[]
    ) as i (execution_id, visit, attempt, status, exit, reason, result, error_message)
    where s.flow_execution_id = i.execution_id and s.visit = i.visit and s.attempt = i.attempt and s.status = 'waiting'`;
}

/**
 * Moves every cursor from where it was read, or none of them (compare-and-set).
 *
 * @throws ChunkConflict where another worker has moved one of them or ended it, or a publication has moved it to another version
 */
export async function moveExecutions(tx: Tx, executions: readonly ChunkExecution[], now: number, runId?: string): Promise<void> {
  const column = <T>(pick: (execution: ChunkExecution) => T) => executions.map(pick);
  // The condition on the ids is redundant, but only this list keeps the planner from reading all executions there are.
  const ids = uuidArray(column((x) => x.id));
  const changed = executions.filter(({ writes: { variablesChanged } }) => variablesChanged);
  const reaches = executions.map(({ row: { reach }, writes: { tally } }) => addToReach(reach, tally));
  const versions = [...new Set(column((x) => x.row.flowVersionId))];
  const startedAt = sql`coalesce(e.started_at, to_timestamp(i.begun / 1000000))`;
  const endedAt = sql`to_timestamp(${now / 1000}::float8)`;
  const result = await sql`
    update flow_executions e set status = i.status, current_node_id = i.node_id, visit = i.visit, attempt = i.attempt,
      wake_at = to_timestamp(i.wake_at / 1000000), waiting_for = i.waiting_for, ended_reason = i.reason,
      error_message = i.error_message, result = i.result::jsonb, reached = i.reached, missed = string_to_array(i.missed, ','),
      started_at = ${startedAt}, completed_at = case when i.ended then ${endedAt} end,
      execution_time = case when i.ended then ${executionTime(startedAt, endedAt)} end,
      ${runId === undefined ? sql`` : sql`engine_run_id = ${runId},`} updated_at = now()
    from unnest(${ids}::uuid[], ${numberArray(column((x) => x.row.from.visit))}::int[],
      ${numberArray(column((x) => x.row.from.attempt))}::int[], ${textArray(column((x) => x.writes.ending?.status ?? "running"))}::text[],
      ${textArray(column((x) => x.cursor.nodeId))}::text[], ${numberArray(column((x) => x.cursor.visit))}::int[],
      ${numberArray(column((x) => x.cursor.attempt))}::int[], ${microArray(column((x) => x.writes.wait?.until.getTime() ?? null))}::float8[],
      ${textArray(column((x) => x.writes.wait?.for ?? null))}::text[],
      ${textArray(column((x) => (x.writes.ending ? x.writes.ending.reason : x.memory.failedReason)))}::text[],
      ${textArray(column((x) => (x.writes.ending ? x.writes.ending.errorMessage : x.memory.errorMessage)))}::text[],
      ${textArray(column((x) => (x.writes.ending?.result ? JSON.stringify(x.writes.ending.result) : null)))}::text[],
      ${textArray(column((x) => String(x.writes.ending !== undefined)))}::boolean[],
      ${microArray(column((x) => x.row.startedAt?.getTime() ?? x.row.beganAt))}::float8[],
      ${textArray(reaches.map(({ reached }) => String(reached)))}::boolean[],
      ${textArray(reaches.map(({ missed }) => (missed.length === 0 ? null : missed.join(","))))}::text[],
      ${numberArray(column((x) => versions.indexOf(x.row.flowVersionId) + 1))}::int[]
    ) as i (id, from_visit, from_attempt, status, node_id, visit, attempt, wake_at, waiting_for, reason, error_message, result, ended, begun,
      reached, missed, version)
    where e.id = any(${ids}::uuid[]) and e.id = i.id and e.visit = i.from_visit and e.attempt = i.from_attempt and e.status in ('pending', 'running')
      and e.flow_version_id = (${uuidArray(versions)}::uuid[])[i.version]`.execute(tx);
  const moved = Number(result.numAffectedRows ?? 0);
  if (moved !== executions.length) throw new ChunkConflict(`${executions.length - moved} of ${executions.length} executions had moved`);
  if (changed.length > 0) await setVariables(tx, changed);
}

/** Writes changed variables. It is a statement of its own, so that flows without variables pay nothing for them. */
async function setVariables(tx: Tx, executions: readonly ChunkExecution[]): Promise<void> {
  const variables = executions.map((x) => (x.memory.variables === null ? null : JSON.stringify(x.memory.variables)));
  await sql`update flow_executions e set variables = i.variables::jsonb
    from unnest(${uuidArray(executions.map(({ id }) => id))}::uuid[], ${textArray(variables)}::text[]) as i (id, variables)
    where e.id = i.id`.execute(tx);
}

/** Gives a wake-up to every execution that waits, and removes it from those that wait no more. */
export async function setWakeUps(tx: Tx, executions: readonly ChunkExecution[]): Promise<void> {
  const waiting = executions.filter(({ writes: { wait } }) => wait);
  const over = executions.filter(({ row: { wakeAt }, writes: { wait } }) => wakeAt !== null && !wait);
  if (waiting.length > 0) {
    await sql`
      insert into wake_ups (flow_execution_id, workspace_id, flow_version_id, due_at, node_id, call, one_by_one)
      select i.id, e.workspace_id, i.flow_version_id, to_timestamp(i.due_at / 1000000), i.node_id, i.call::jsonb, i.one_by_one
      from unnest(${uuidArray(waiting.map(({ id }) => id))}::uuid[],
        ${uuidArray(waiting.map(({ row, writes: { moved } }) => moved?.versionId ?? row.flowVersionId))}::uuid[],
        ${microArray(waiting.map(dueAt))}::float8[],
        ${textArray(waiting.map(({ cursor: { nodeId } }) => nodeId))}::text[], ${textArray(waiting.map(callOf))}::text[],
        ${textArray(waiting.map(({ send }) => String(send.oneByOne)))}::boolean[]
      ) as i (id, flow_version_id, due_at, node_id, call, one_by_one)
      cross join lateral (select workspace_id from flow_executions where id = i.id offset 0) e
      on conflict (flow_execution_id) do update
        set due_at = excluded.due_at, node_id = excluded.node_id, flow_version_id = excluded.flow_version_id,
          generation = wake_ups.generation + 1, turn_id = null, call = excluded.call, call_lease = null`.execute(tx);
  }
  if (over.length > 0)
    await sql`delete from wake_ups where flow_execution_id = any(${uuidArray(over.map(({ id }) => id))}::uuid[])`.execute(tx);
}

/** A call that is made at once is handed to this process, so its wake-up is due a little later; see effects/webhook-calls.ts. */
const handedOverMs = 5_000;

function dueAt(execution: ChunkExecution): number | null {
  const {
    writes: { wait },
  } = execution;
  if (!wait) return null;
  return wait.until.getTime() + (isCallNow(execution) ? handedOverMs : 0);
}

/** Whether the call is to be made right after the commit: a first try is, a later one has a time of its own. */
export const isCallNow = ({ cursor: { attempt }, writes: { wait } }: ChunkExecution) => wait?.call !== undefined && attempt === 1;

/** The id of a try of a call, so that a late answer to an earlier try is not taken for one to a later try. */
export const callIdOf = ({ visit, attempt }: { visit: number; attempt: number }) => `${visit}:${attempt}`;

const callOf = (execution: ChunkExecution) =>
  execution.writes.wait?.call ? storableJson({ id: callIdOf(execution.cursor), request: execution.writes.wait.call }) : null;
