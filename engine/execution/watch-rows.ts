import { sql } from "kysely";
import type { Tx } from "#db/client.ts";
import { isNotBinned } from "#db/queries/contact-rows.ts";
import { textArray, uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import type { ChunkExecution } from "./chunk.ts";
import { goalsAhead } from "./goals.ts";

/**
 * Whether a change of its contact may end the rest of an execution: at a node that waits for one, before a goal, and in a flow
 * that ends by a rule.
 */
const isWatching = (execution: ChunkExecution) =>
  execution.writes.wait !== undefined &&
  (execution.writes.wait.watches === true || goalsAhead(execution).length > 0 || hasExitRule(execution));

const hasExitRule = ({ flow }: ChunkExecution) => flow.problem === undefined && flow.leavesIf !== undefined;

/**
 * Keeps a row in `waits` while an execution watches its contact. A trigger on contacts makes such executions due
 * (private.wake_watching).
 *
 * No change is missed between the read of the contact and the row, because the contact is locked while the row is written.
 * A change then comes later and finds the row, or it came before and shows in the contact's version, or it is being made
 * now and its transaction holds the contact. In the last two cases, and where the contact is gone, the execution is due at
 * once.
 */
export async function setWatches(tx: Tx, executions: readonly ChunkExecution[], clock: Clock): Promise<void> {
  const inQuestion = executions.filter(({ flow, writes: { moved } }) => flow.problem === undefined && (flow.watches || moved?.watched));
  if (inQuestion.length === 0) return;
  const over = inQuestion.filter((execution) => execution.row.wakeAt !== null && !isWatching(execution));
  if (over.length > 0) {
    await sql`delete from waits where event = 'contact_changed' and flow_execution_id = any(${uuidArray(over.map(({ id }) => id))}::uuid[])`.execute(
      tx,
    );
  }
  const watching = inQuestion.filter(isWatching);
  const [first] = watching;
  if (!first) return;
  await sql`
    with input as (
      select * from unnest(${uuidArray(watching.map(({ id }) => id))}::uuid[], ${uuidArray(watching.map(({ row: { contactId } }) => contactId))}::uuid[],
        ${textArray(watching.map(({ memory: { contact } }) => contact?.version ?? ""))}::text[], ${textArray(watching.map(({ cursor: { nodeId } }) => nodeId))}::text[]
      ) as i (execution_id, contact_id, version, node_id)
    ), held as materialized (
      select i.*, c.version = i.version as is_same
      from input i cross join lateral (
        select h.xmin::text as version from contacts h where h.workspace_id = ${first.send.workspaceId} and h.id = i.contact_id
          and ${isNotBinned("h")}
        for share skip locked offset 0
      ) c
    ), noted as (
      insert into waits (workspace_id, flow_execution_id, contact_id, event, node_id)
      select e.workspace_id, execution_id, held.contact_id, 'contact_changed', held.node_id from held
      cross join lateral (select workspace_id from flow_executions where id = held.execution_id offset 0) e
      on conflict (flow_execution_id) where event = 'contact_changed' do update set node_id = excluded.node_id
        where waits.node_id <> excluded.node_id
    ), stale as materialized (
      select execution_id from input where execution_id not in (select execution_id from held where is_same)
    ), woken as (
      update flow_executions e set wake_at = ${clock.now} from stale where e.id = stale.execution_id
    )
    update wake_ups w set due_at = ${clock.now} from stale where w.flow_execution_id = stale.execution_id`.execute(tx);
}
