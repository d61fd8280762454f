import type { RawBuilder, SqlBool } from "kysely";
import type { Tx } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import type { NodeRegistry } from "../flow/node-registry.ts";
import type { EngineDriver } from "../jobs/driver.ts";
import type { Ring } from "../jobs/ring.ts";
import type { Progress } from "./counter-rows.ts";
import { countProgress } from "./counter-rows.ts";
import type { ClosedStep, EndedRow, ForcedEnding } from "./end-rows.ts";
import { closedAs, closeOpenRows, endRows, writeMissed } from "./end-rows.ts";
import { dropQueued, holdSending } from "./message-rows.ts";
import { addToReach, channelsByType, notPassed } from "./message-tally.ts";
import { notifyRelatives } from "./notify-relatives.ts";

/**
 * Ends executions where they stand, with everything that belongs to an end, in the caller's transaction: the rows of the
 * executions, their wake-ups, waits and open steps, their messages that wait for another try, the executions that wait
 * for them, those they wait for, and the counters of their sends. A pass ends executions by its own compare-and-set write
 * (save-rows.ts), because it also moves the cursor.
 *
 * @param which a condition on `flow_executions e`; executions that have ended already are passed over
 * @param orCancel executions of which those that do not end here get a cancel job, because a message of theirs is in flight
 * @returns the ids of the executions that were ended
 */
export async function endExecutions(
  tx: Tx,
  which: RawBuilder<SqlBool>,
  ending: ForcedEnding,
  { clock, driver, nodes, ring }: { clock: Clock; driver: EngineDriver; nodes: NodeRegistry; ring: Ring },
  { orCancel = [] }: { orCancel?: readonly string[] } = {},
): Promise<string[]> {
  const ended = await endRows(tx, which, ending, clock);
  const ids = ended.map(({ id }) => id);
  const progress: Progress[] = [];
  if (ids.length > 0) {
    const closed = await closeOpenRows(tx, ids, ending, clock);
    const ofEach = toProgress(ended, closed, ending, nodes);
    progress.push(...ofEach);
    await writeMissed(
      tx,
      ofEach.flatMap(({ id, tally, after }) => (tally.length === 0 ? [] : [{ id, missed: after.missed }])),
    );
    await dropQueued(tx, ids);
    if (ending.scope === "all") await holdSending(tx, ids);
  }
  const isEnded = new Set(ids);
  const left = orCancel.filter((id) => !isEnded.has(id));
  await notifyRelatives(tx, ended.map(toEnded), { clock, driver, ring }, left);
  // The counters come last; see the order of locks in jobs/ring.ts.
  await countProgress(tx, progress, clock);
  return ids;
}

/** Messages that waited for another try when their execution was ended did not leave. */
function toProgress(
  ended: readonly EndedRow[],
  closed: readonly ClosedStep[],
  { status, reason }: ForcedEnding,
  nodes: NodeRegistry,
): (Progress & { id: string })[] {
  const channels = channelsByType(nodes);
  const stepsOf = Map.groupBy(closed, ({ flow_execution_id }) => flow_execution_id);
  return ended.map(({ id, send_id, reached, missed }) => {
    const before = { reached, missed: missed ?? [] };
    const tally = (stepsOf.get(id) ?? []).flatMap(({ node_type }) => {
      const channel = channels[node_type];
      return channel === undefined ? [] : [notPassed(channel, closedAs(status), reason)];
    });
    return { id, sendId: send_id, status, before, after: addToReach(before, tally), tally };
  });
}

/** Any of them may have been waiting for a child, so each is asked for one. */
const toEnded = ({ id, workspace_id, parent_waits }: EndedRow) => ({
  id,
  workspaceId: workspace_id,
  parentWaits: parent_waits,
  mayHaveWaited: true,
});
