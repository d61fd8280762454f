import { sql } from "kysely";
import { microArray, numberArray, textArray, uuidArray } from "../base/array.ts";
import type { StepRecord } from "./chunk.ts";

/** A step that is to be inserted. */
export interface NewStep {
  executionId: string;
  step: StepRecord;
}

/** The columns of a step, in the order of `stepValues`. */
export const stepColumns = sql`flow_execution_id, workspace_id, node_id, node_type, visit, attempt, status, exit, reason, result,
  error_message, wake_at, started_at, completed_at, created_at`;

/**
 * The values of a step from `stepInput`, whose times are microseconds since 1970. Steps of one pass share a moment, so
 * the visit is added in microseconds: the history is read in the order of created_at and must come out as walked. The workspace
 * is that of the execution, which the same statement reads.
 */
export const stepValues = sql`t.execution_id, e.workspace_id, kind.node_id, kind.node_type, t.visit,
  t.attempt, kind.status, kind.exit, kind.reason, t.result::jsonb, kind.error_message, to_timestamp(t.wake_at / 1000000),
  to_timestamp(t.started_at / 1000000), to_timestamp(t.completed_at / 1000000),
  to_timestamp(t.started_at / 1000000) + t.visit * interval '1 microsecond'`;

/**
 * The steps to be written, as tables `t`, `kind` and `e`, the execution. The executions of a chunk walk the same few paths, so what
 * their steps have in common is sent once; this halves the size of the statement.
 */
export function stepInput(steps: readonly NewStep[]) {
  const kinds = new Map<string, { number: number; step: StepRecord }>();
  const kindOf = steps.map(({ step }) => {
    const key = `${step.nodeId}\n${step.status}\n${step.exit}\n${step.reason}\n${step.errorMessage}`;
    const known = kinds.get(key);
    if (known) return known.number;
    kinds.set(key, { number: kinds.size + 1, step });
    return kinds.size;
  });
  const column = <T>(pick: (step: StepRecord) => T) => steps.map(({ step }) => pick(step));
  const kind = <T>(pick: (step: StepRecord) => T) => [...kinds.values()].map(({ step }) => pick(step));
  return sql`unnest(
      ${uuidArray(steps.map(({ executionId }) => executionId))}::uuid[], ${numberArray(kindOf)}::int[],
      ${numberArray(column((s) => s.visit))}::int[], ${numberArray(column((s) => s.attempt))}::int[],
      ${textArray(column((s) => (s.result === null ? null : JSON.stringify(s.result))))}::text[],
      ${microArray(column((s) => s.wakeAt?.getTime() ?? null))}::float8[],
      ${microArray(column((s) => s.startedAt))}::float8[], ${microArray(column((s) => s.completedAt))}::float8[]
    ) as t (execution_id, kind, visit, attempt, result, wake_at, started_at, completed_at)
    join unnest(
      ${textArray(kind((s) => s.nodeId))}::text[], ${textArray(kind((s) => s.nodeType))}::text[],
      ${textArray(kind((s) => s.status))}::text[], ${textArray(kind((s) => s.exit))}::text[],
      ${textArray(kind((s) => s.reason))}::text[], ${textArray(kind((s) => s.errorMessage))}::text[]
    ) with ordinality as kind (node_id, node_type, status, exit, reason, error_message, number) on kind.number = t.kind
    cross join lateral (select workspace_id from flow_executions where id = t.execution_id offset 0) e`;
}
