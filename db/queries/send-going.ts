import type { RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import { goingStates } from "#contract/sends.ts";

const states = sql.join(goingStates.map((state) => sql.lit(state)));

/** A condition on the column `state` of `flow_sends`, or of its alias: executions of the send may go on. */
export const isGoing = (alias?: string): RawBuilder<SqlBool> =>
  sql<SqlBool>`${sql.ref(alias === undefined ? "state" : `${alias}.state`)} in (${states})`;

/** Whether the rest of the send waits for the few with whom it begins. `sendId` is a column. */
export const hasOpenCanary = (sendId: RawBuilder<unknown>): RawBuilder<SqlBool> =>
  sql<SqlBool>`exists (select from send_canaries k where k.send_id = ${sendId} and k.opened_at is null)`;

/** Whether an execution is one of the few with whom its send begins. `executionId` is a column. */
export const isOfFew = (executionId: RawBuilder<unknown>): RawBuilder<SqlBool> =>
  sql<SqlBool>`exists (select from canary_executions few where few.flow_execution_id = ${executionId})`;

/**
 * Whether an execution waits for the few with whom its send begins. The aliases are those of `flow_executions`, or of a page of it, and
 * of `flow_sends`.
 */
export const waitsBehindFew = ({ execution, send }: { execution: string; send: string }): RawBuilder<SqlBool> =>
  sql<SqlBool>`(${sql.ref(`${execution}.status`)} = 'pending' and ${hasOpenCanary(sql.ref(`${send}.id`))}
    and not ${isOfFew(sql.ref(`${execution}.id`))} and ${sql.ref(`${send}.state`)} not in ('stopped', 'undone'))`;
