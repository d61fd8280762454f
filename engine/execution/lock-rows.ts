import { sql } from "kysely";
import type { Tx } from "#db/client.ts";
import { isGoing } from "#db/queries/send-going.ts";
import { numberArray, uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import type { ChunkExecution } from "./chunk.ts";
import { ChunkConflict } from "./save-rows.ts";

/**
 * Locks the executions that may have an effect now, and returns their ids: they stand where they were read, nobody has
 * cancelled them, and their send is neither paused nor stopped. Until the end of the transaction none of this can change.
 * An execution that another transaction has locked is left out. messages/claim-rows.ts does the same for messages.
 */
export async function lockExecutions(tx: Tx, executions: readonly ChunkExecution[], clock: Clock): Promise<Set<string>> {
  const sendIds = [...new Set(executions.map(({ send }) => send.id))];
  const { rows } = await sql<{ id: string }>`
    with open_sends as materialized (
      select id from flow_sends
      where id = any(${uuidArray(sendIds)}::uuid[]) and ${isGoing()}
        and (undo_until is null or undo_until <= ${clock.now})
      order by id for key share
    ), at_their_place as materialized (
      select e.id, e.send_id
      from unnest(${uuidArray(executions.map(({ id }) => id))}::uuid[], ${numberArray(executions.map(({ row: { from } }) => from.visit))}::int[],
        ${numberArray(executions.map(({ row: { from } }) => from.attempt))}::int[],
        ${uuidArray(executions.map(({ row: { flowVersionId } }) => flowVersionId))}::uuid[]) as i (id, visit, attempt, version_id)
      cross join lateral (
        select id, send_id from flow_executions
        where id = i.id and visit = i.visit and attempt = i.attempt and flow_version_id = i.version_id and status in ('pending', 'running') and cancel_reason is null
        for share skip locked offset 0
      ) e
    )
    select id from at_their_place where send_id in (select id from open_sends)`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}

/**
 * Locks the sends of executions that end in another way than cancelled against a stop, until the commit. A pass that read its sends
 * before a stop would otherwise complete, or fail, whom the account of the stop counts as stopped.
 *
 * @throws ChunkConflict where such a send was stopped meanwhile: the pass reads again, and sees it
 */
export async function lockGoing(tx: Tx, executions: readonly ChunkExecution[]): Promise<void> {
  const ending = executions.filter(
    ({ memory, writes }) => memory.cancel === null && writes.ending !== undefined && writes.ending.status !== "cancelled",
  );
  if (ending.length === 0) return;
  const sendIds = [...new Set(ending.map(({ send }) => send.id))];
  const { rows } = await sql`
    select from flow_sends where id = any(${uuidArray(sendIds)}::uuid[]) and state not in ('stopped', 'undone')
    order by id for key share`.execute(tx);
  if (rows.length < sendIds.length) throw new ChunkConflict("A send was stopped while a pass was under way");
}
