import { PassWork } from "#contract/work-budget.ts";
import type { Tx } from "#db/client.ts";
import { breakPoint } from "../base/break-point.ts";
import type { EngineContext } from "../engine-context.ts";
import type { ChunkExecution, ChunkSend } from "../execution/chunk.ts";
import { countProgress } from "../execution/counter-rows.ts";
import { endExecutions } from "../execution/end-executions.ts";
import { writeMissed } from "../execution/end-rows.ts";
import { wakeAtEndOfStay } from "../execution/longest-stay.ts";
import { dropMessages } from "../execution/message-rows.ts";
import { addToReach } from "../execution/message-tally.ts";
import { findWakeUp, followMoves } from "../execution/move.ts";
import { findStanding, lockOpenRows, lockToMove, recordMoves, writeMoved, writeRests, writeSeen } from "../execution/move-rows.ts";
import { ofIds, readExecutions } from "../execution/read-rows.ts";
import { closeSteps, setWakeUps } from "../execution/save-rows.ts";
import { setWatches } from "../execution/watch-rows.ts";
import type { Ring } from "../jobs/ring.ts";
import { transactThenRing } from "../jobs/ring.ts";
import { addCalls, addOutputs, addVisits, addWaiting } from "./load-memory.ts";
import { loadSends, toExecution } from "./read-chunk.ts";
import { readMoves } from "./read-moves.ts";

/**
 * Moves executions of one workspace by the rules of the publications that they have not followed, in one transaction. It
 * passes over those that are not standing still, and those that another worker has in hand: they are moved when they are
 * read next. Doing it twice does nothing the second time.
 *
 * @param options.spreadMs those who may go on by the move go on within so many milliseconds
 * @returns how many were judged
 */
export async function movePeople(context: EngineContext, ids: readonly string[], { spreadMs }: { spreadMs: number }): Promise<number> {
  const moved = await transactThenRing(context, async (tx, ring) => {
    const standing = await lockStanding(context, tx, ids);
    if (standing.length === 0) return 0;
    const { executions, now } = await decide(context, tx, standing, spreadMs);
    await write(context, { tx, ring }, executions, now);
    await breakPoint("people-moving");
    return executions.length;
  });
  await breakPoint("people-moved");
  return moved;
}

async function lockStanding({ clock }: EngineContext, tx: Tx, ids: readonly string[]): Promise<string[]> {
  const locked = await lockToMove(tx, ids);
  if (locked.length === 0) return [];
  const standing = await findStanding(tx, locked, clock);
  if (standing.length === 0) return [];
  const held = await lockOpenRows(tx, standing);
  return held.size === 0 ? standing : standing.filter((id) => !held.has(id));
}

type Fate = ReturnType<typeof followMoves>;
interface Decided {
  execution: ChunkExecution;
  fate: Fate;
}

async function decide(
  context: EngineContext,
  tx: Tx,
  ids: readonly string[],
  spreadMs: number,
): Promise<{ executions: Decided[]; now: number }> {
  const { clock } = context;
  const rows = await readExecutions(tx, ofIds(ids), clock, { asleep: true });
  const { sends, time } = await loadSends(tx, [...new Set(rows.map(({ send_id }) => send_id))], clock);
  const flows = await context.flows.load(tx, [...new Set(rows.map(({ flow_version_id }) => flow_version_id))]);
  const standing = rows.map((row) => ({
    versionId: row.flow_version_id,
    seen: row.seen_publication ?? sends.get(row.send_id)?.seenPublication ?? 0,
  }));
  const moves = await readMoves(context, tx, standing);
  const now = time();
  const work = new PassWork();
  const decided = rows
    // An execution whose contact is gone, or whose send was stopped, is about to end.
    .filter(({ contact_id, send_id }) => contact_id !== null && !isOver(sends.get(send_id)))
    .map((row): Decided => {
      const flow = flows.get(row.flow_version_id) ?? { problem: "The flow version was deleted." };
      const execution = toExecution(row, sends.get(row.send_id) as ChunkSend, { flow, beganAt: now, work });
      return { execution, fate: followMoves(execution, moves) };
    });
  // What follows is read for the version that they come to.
  const moved = decided.flatMap(({ execution, fate }) => (fate === "moved" ? execution : []));
  await addVisits(tx, moved);
  await addOutputs(tx, moved);
  await addWaiting(tx, moved, { all: true });
  await addCalls(tx, moved, clock);
  for (const execution of moved) {
    findWakeUp(execution, now, spreadMs);
    wakeAtEndOfStay(execution);
  }
  return { executions: decided, now };
}

const isOver = (send: ChunkSend | undefined) => send === undefined || send.state === "stopped" || send.state === "undone";

async function write(
  context: EngineContext,
  { tx, ring }: { tx: Tx; ring: Ring },
  decided: readonly Decided[],
  now: number,
): Promise<void> {
  const { clock } = context;
  const of = (wanted: Fate) => decided.flatMap(({ execution, fate }) => (fate === wanted ? execution : []));
  const [moved, leaving] = [of("moved"), of("leaves")];
  // An execution that leaves by a later publication than the one that moved them ends in the version of that one.
  const changed = [...moved, ...leaving.filter(({ writes }) => (writes.moved?.records.length ?? 0) > 1)];
  if (changed.length > 0) {
    await closeSteps(tx, changed, now);
    await writeRests(tx, changed);
    await writeMoved(tx, changed);
    await setWakeUps(tx, changed);
    await setWatches(tx, moved, clock);
    await dropMessages(
      tx,
      changed.flatMap(({ id, writes: { dropped } }) => dropped.map((one) => ({ executionId: id, ...one }))),
    );
  }
  await writeSeen(
    tx,
    of("stays").filter(({ writes }) => writes.moved),
  );
  await recordMoves(tx, [...moved, ...leaving], clock);
  const tallied = changed.filter(({ writes: { tally } }) => tally.length > 0);
  await writeMissed(
    tx,
    tallied.map(({ id, row: { reach }, writes: { tally } }) => ({ id, missed: addToReach(reach, tally).missed })),
  );
  const ending = { status: "cancelled", reason: "left_by_publish", scope: "idle" } as const;
  if (leaving.length > 0) await endExecutions(tx, ofIds(leaving.map(({ id }) => id)), ending, { ...context, ring });
  // The counters come last; see the order of locks in jobs/ring.ts.
  await countProgress(
    tx,
    tallied.map(({ send, row: { reach }, writes: { tally } }) => ({
      sendId: send.id,
      status: null,
      before: reach,
      after: addToReach(reach, tally),
      tally,
    })),
    clock,
  );
}
