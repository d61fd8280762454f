import { randomUUID } from "node:crypto";
import type { Tx } from "#db/client.ts";
import { breakPoint, SimulatedCrash } from "../base/break-point.ts";
import type { EngineContext } from "../engine-context.ts";
import type { ChunkSend } from "../execution/chunk.ts";
import { inPortion, listPortion } from "../execution/read-rows.ts";
import type { RunningJob } from "../jobs/driver.ts";
import { turnJobs } from "../jobs/jobs.ts";
import type { Ring } from "../jobs/ring.ts";
import { portionSize } from "../jobs/work-sizes.ts";
import { advanceChunk } from "../pass/advance.ts";
import { isActive, loadSends } from "../pass/read-chunk.ts";
import type { PassResult } from "../pass/save-pass.ts";
import { openRound } from "./drip.ts";
import { quarantine } from "./quarantine.ts";
import type { LaneResult, Taken, TakenLane, Turn } from "./turn-rows.ts";
import { giveBack, takePortion } from "./turn-rows.ts";

/** After this many failures of the same portion its executions are advanced one by one. */
const quarantineAfter = 3;
const longestBackoffMs = 30_000;
/** Milliseconds until executions that another worker holds are looked at again. */
const takenDelayMs = 1_000;

type TurnJob = Extract<RunningJob, { kind: "turn" | "execution" }>;

/**
 * A worker's turn in a workspace:
 *
 *   take a portion → advance its executions → give the lanes back further on, in the transaction that says how far
 *
 * The hold is a row of private.turns, which is deleted when the turn ends or its worker is found dead; the work itself is
 * never only in a job. A turn that took something hands over the next turn, which waits at the end of the queue, so the
 * workspaces alternate.
 */
export async function runTurn(context: EngineContext, job: TurnJob): Promise<void> {
  const { workspaceId, runId } = job;
  const turn: Turn = {
    id: randomUUID(),
    workspaceId,
    workerId: context.workerId,
    ...(job.kind === "turn" ? { quick: job.quick } : { quick: true, executionId: job.executionId }),
  };
  context.openTurns.add(turn.id);
  try {
    await takeTurn(context, turn, { slot: job.kind === "turn" ? job.slot : 0, runId });
  } finally {
    // A turn may not have been given back, because the database went away. It is now nobody's, and dead-workers.ts ends it.
    context.openTurns.delete(turn.id);
  }
}

async function takeTurn(context: EngineContext, turn: Turn, { slot, runId }: { slot: number; runId: string | undefined }): Promise<void> {
  const { db, clock } = context;
  const taken = await takePortion(db, turn, clock);
  if (taken.lanes.length + taken.wakeUps.length === 0) return;
  if (taken.wakeUps.length > 0) context.meter.woken(taken.wakeUps.map(({ late }) => late));
  await breakPoint("portion-taken");
  try {
    await advancePortion(context, turn, taken, { nextSlot: mayHaveMore(turn, taken) ? slot : undefined, runId });
  } catch (error) {
    if (error instanceof SimulatedCrash) throw error;
    const failures = Math.max(0, ...taken.lanes.map((lane) => lane.failures), ...taken.wakeUps.map((wakeUp) => wakeUp.failures));
    context.meter.jobFailed("turn");
    context.log.error({ err: error, workspaceId: turn.workspaceId, failures }, "a portion failed and is tried again");
    const delayMs = Math.min(250 * 2 ** failures, longestBackoffMs);
    const lanes = taken.lanes.map((lane) => stay(lane, { delayMs, failures: lane.failures + 1 }));
    await giveBack(db, turn, { lanes, wakeUps: taken.wakeUps.map(toId), delayMs, failed: true }, clock);
  }
}

async function advancePortion(
  context: EngineContext,
  turn: Turn,
  taken: Taken,
  { nextSlot, runId }: { nextSlot: number | undefined; runId: string | undefined },
): Promise<void> {
  const { db, clock } = context;
  const lanes = await openRounds(context, turn, taken.lanes);
  const wakeUps = taken.wakeUps.map(toId);
  const { sends, time } = await loadSends(db, [...new Set(lanes.map(({ send_id }) => send_id))], clock);
  const portion = { lanes, wakeUps };
  if (Math.max(0, ...lanes.map(({ failures }) => failures), ...taken.wakeUps.map(({ failures }) => failures)) >= quarantineAfter) {
    await quarantine(context, await listPortion(db, portion));
  }
  await advanceChunk(context, inPortion(portion), {
    sends: lanes.length > 0 && wakeUps.length === 0 ? { sends, time } : undefined,
    runId,
    withLeftovers: taken.wakeUps.some(({ tried }) => tried) || lanes.some(({ tries }) => tries > 1),
    handOver: (tx, left, ring) => handBack(context, { tx, ring }, { turn, lanes, wakeUps, sends, nextSlot }, left),
  });
}

interface Portion {
  turn: Turn;
  lanes: readonly TakenLane[];
  wakeUps: readonly string[];
  sends: ReadonlyMap<string, ChunkSend>;
  /** The slot of the next turn, if there may be more to do. */
  nextSlot: number | undefined;
}

/** Moves the lanes behind this portion, or leaves them where executions remain; woken executions that remain are due again. */
async function handBack(
  { clock }: EngineContext,
  { tx, ring }: { tx: Tx; ring: Ring },
  { turn, lanes, wakeUps, sends, nextSlot }: Portion,
  left: PassResult,
): Promise<void> {
  if (nextSlot !== undefined) {
    ring(turnJobs(turn.workspaceId, turn).map((job) => ({ ...job, slot: nextSlot })));
  }
  const results = lanes.map((lane): LaneResult => {
    const send = sends.get(lane.send_id);
    const remaining = left.bySend.get(lane.send_id);
    if (!send || !isActive(send)) return stay(lane, { delayMs: 0, tries: lane.tries - 1 });
    if (remaining) {
      const delayMs = Math.max(left.delayMs, remaining.taken > 0 && lane.tries > 1 ? takenDelayMs : 0);
      return stay(lane, { delayMs, tries: remaining.taken > 0 ? lane.tries : lane.tries - 1 });
    }
    return { sendId: lane.send_id, lane: lane.lane, from: placeAfter(lane, send), upto: null, delayMs: 0, tries: 0, failures: 0 };
  });
  const asleep = wakeUps.filter((id) => left.ids.has(id));
  const delayMs = Math.max(left.delayMs, left.taken > 0 ? takenDelayMs : 0);
  await giveBack(tx, turn, { lanes: results, wakeUps: asleep, delayMs, parked: wakeUps.filter((id) => !left.seen.has(id)) }, clock);
}

/** The next position of the lane. A lane takes every n-th chunk of its send. */
function placeAfter(lane: TakenLane, send: ChunkSend): number | null {
  const isEndOfChunk = lane.upto_seq % send.chunkSize === 0;
  const next = isEndOfChunk ? lane.upto_seq + (send.lanes - 1) * send.chunkSize : lane.upto_seq;
  return send.enrolledAt !== null && next >= send.enrolled ? null : next;
}

const stay = (lane: TakenLane, more: { delayMs: number; tries?: number; failures?: number }): LaneResult => ({
  sendId: lane.send_id,
  lane: lane.lane,
  from: lane.from_seq,
  upto: lane.drip === null ? null : lane.upto_seq,
  tries: lane.tries,
  failures: lane.failures,
  ...more,
});

/** Opens the rounds of drips. A lane whose round has no room left waits for the next round and is left out. */
async function openRounds(context: EngineContext, turn: Turn, lanes: readonly TakenLane[]): Promise<TakenLane[]> {
  const open: TakenLane[] = [];
  for (const lane of lanes) {
    const allowed = lane.drip === null || lane.is_counted ? lane : await openRound(context, turn, lane);
    if (allowed) open.push(allowed);
  }
  return open;
}

/** Each small send hands over a turn of its own, by the hundred; so a quick turn is followed by another only when it was full. */
function mayHaveMore({ quick, executionId }: Turn, { lanes, wakeUps }: Taken): boolean {
  if (executionId !== undefined) return false;
  return quick ? lanes.length + wakeUps.length > 1 : lanes.length > 0 || wakeUps.length === portionSize;
}

const toId = ({ flow_execution_id }: { flow_execution_id: string }) => flow_execution_id;
