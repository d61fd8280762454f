import type { RawBuilder, SqlBool } from "kysely";
import { PassWork } from "#contract/work-budget.ts";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import type { ChunkExecution, ChunkSend } from "../execution/chunk.ts";
import { listFew } from "../execution/few-rows.ts";
import type { ExecutionRow } from "../execution/read-rows.ts";
import { readExecutions } from "../execution/read-rows.ts";
import type { FlowCache } from "../flow/flow-cache.ts";
import type { Moves } from "../flow/moves.ts";
import { nextMove } from "../flow/moves.ts";
import {
  addCalls,
  addChildren,
  addLeftovers,
  addOutputs,
  addReached,
  addReplies,
  addVisits,
  addWaiting,
  type MayLookUp,
} from "./load-memory.ts";
import type { LoadedSends } from "./read-chunk.ts";
import { loadSends, toExecution } from "./read-chunk.ts";
import { readMoves } from "./read-moves.ts";

export interface LoadedChunk {
  executions: ChunkExecution[];
  /** The database's time now, in milliseconds since 1970; it is counted on from the read. */
  time: () => number;
}

/**
 * Reads a chunk as it is now. `withLeftovers` also reads what earlier passes wrote beyond the cursors before they were cut
 * off. A first pass goes without, unless somebody rests with something written; if there was an earlier pass, it meets a
 * conflict and reads again.
 *
 * An execution on a version whose people a publication moves is moved first (`move`), so that nobody goes on by the old version
 * for having woken before the job came to them.
 */
export async function loadChunk(
  context: { db: Db; clock: Clock; flows: FlowCache },
  which: RawBuilder<SqlBool>,
  options: { withLeftovers: boolean; sends?: LoadedSends; move?: (ids: readonly string[]) => Promise<unknown>; mayLookUp?: MayLookUp },
): Promise<LoadedChunk> {
  const { db, clock } = context;
  let rows = await readExecutions(db, which, clock);
  const { sends, time } = options.sends ?? (await loadSends(db, [...new Set(rows.map(({ send_id }) => send_id))], clock));
  const standing = rows.map((row) => ({ versionId: row.flow_version_id, seen: seenBy(row, sends) }));
  const moves = await readMoves(context, db, standing);
  const held = rows.filter(({ send_id }) => sends.get(send_id)?.holdsRest).map(({ id }) => id);
  const few = held.length === 0 ? new Set<string>() : await listFew(db, held);
  const mayMove = ({ id, send_id }: ExecutionRow) => isGoingOn(sends.get(send_id), few.has(id));
  const toMove = rows.filter((row) => mayMove(row) && isToMove(row, sends, moves));
  if (toMove.length > 0 && options.move) {
    await options.move(toMove.map(({ id }) => id));
    rows = await readExecutions(db, which, clock);
  }
  const active = rows.filter(mayMove);
  const flows = await context.flows.load(db, [...new Set(active.map(({ flow_version_id }) => flow_version_id))]);
  const beganAt = time();
  const work = new PassWork();
  const executions = active.map((row) => {
    const flow = flows.get(row.flow_version_id) ?? { problem: "The flow version was deleted." };
    const execution = toExecution(row, sends.get(row.send_id) as ChunkSend, { flow, beganAt, work });
    // Something of it is under way, so it is moved when that is done.
    execution.awaitsMove = isToMove(row, sends, moves);
    return execution;
  });
  await addVisits(db, executions);
  await addOutputs(db, executions);
  await addWaiting(db, executions);
  await addReached(db, executions);
  await addCalls(db, executions, clock);
  await addChildren(db, executions);
  await addReplies(db, executions);
  const mayHaveLeftovers =
    options.withLeftovers ||
    executions.some((execution) => execution.awaitsMove || execution.memory.cancel !== null || leavesTraces(execution));
  if (mayHaveLeftovers && executions.length > 0) await addLeftovers(db, clock, executions, options.mayLookUp);
  return { executions, time };
}

/** The last publication that an execution has followed, or that was there before its send took its version. */
const seenBy = ({ send_id, seen_publication }: ExecutionRow, sends: LoadedSends["sends"]): number =>
  seen_publication ?? sends.get(send_id)?.seenPublication ?? 0;

const isToMove = (row: ExecutionRow, sends: LoadedSends["sends"], moves: Moves) =>
  moves.size > 0 && row.cancel_reason === null && nextMove(moves, row.flow_version_id, seenBy(row, sends)) !== undefined;

/** Whether an execution rests with something of it written: a message that is tried again, a call, another flow. */
const leavesTraces = ({ cursor: { resumed } }: ChunkExecution) =>
  resumed !== null && resumed !== "time" && resumed !== "event" && resumed !== "reply";

/**
 * Executions of a paused send stay as they are, and so does the rest of one that begins with a few. Those of a stopped send move to
 * their end.
 */
const isGoingOn = (send: ChunkSend | undefined, isOfFew: boolean) =>
  send !== undefined && send.state !== "paused" && (!send.holdsRest || isOfFew);
