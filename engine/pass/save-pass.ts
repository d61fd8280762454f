import type { Tx } from "#db/client.ts";
import { breakPoint } from "../base/break-point.ts";
import type { PassContext } from "../effects/effect.ts";
import type { HandedCall } from "../effects/webhook-calls.ts";
import type { EngineContext } from "../engine-context.ts";
import type { ChunkExecution } from "../execution/chunk.ts";
import { countProgress } from "../execution/counter-rows.ts";
import { lockGoing } from "../execution/lock-rows.ts";
import { wakeAtEndOfStay } from "../execution/longest-stay.ts";
import { dropMessages, dropQueued, saveResults } from "../execution/message-rows.ts";
import { toProgress } from "../execution/message-tally.ts";
import { notifyRelatives } from "../execution/notify-relatives.ts";
import { callIdOf, closeSteps, insertSteps, isCallNow, moveExecutions, setWakeUps } from "../execution/save-rows.ts";
import { setWatches } from "../execution/watch-rows.ts";
import type { Ring } from "../jobs/ring.ts";
import { transactThenRing } from "../jobs/ring.ts";

export interface SaveOptions {
  /** The id of the run of an outside engine that this pass is part of; it is stored with the executions. */
  runId?: string;
  /** Hands over what comes next, in the transaction that writes what came of this. */
  handOver?: (tx: Tx, left: PassResult, ring: Ring) => Promise<void>;
}

/** Executions that this pass could not finish: no time (`later`), or somebody else has them (`taken`). */
export interface PassResult {
  later: number;
  taken: number;
  bySend: ReadonlyMap<string, { later: number; taken: number }>;
  ids: ReadonlySet<string>;
  /** The ids of all executions that could be read. Those of a paused send are not among them. */
  seen: ReadonlySet<string>;
  /** Milliseconds until it makes sense to look at them again. */
  delayMs: number;
}

/**
 * Writes everything that a pass did, in one transaction: results of messages, steps, cursors, wake-ups, watches, ends and
 * counters. Webhook calls are made after its commit, so that none is made for a wait that was not written.
 *
 * @throws ChunkConflict if another pass has moved one of the executions; nothing is written then.
 */
export async function savePass(
  context: EngineContext,
  executions: readonly ChunkExecution[],
  pass: PassContext,
  { handOver, runId }: SaveOptions,
): Promise<PassResult> {
  const { clock } = context;
  const left = countLeft(executions, pass);
  const moved = executions.filter(hasMoved);
  for (const execution of moved) {
    if (execution.leftAlone === "later") keepWakeUp(execution, pass.time());
    wakeAtEndOfStay(execution);
  }
  await breakPoint("before-save");
  const calls = executions.flatMap(callToMake);
  if (moved.length === 0 && pass.unwritten.length === 0 && !handOver) {
    context.webhookCalls.add(calls);
    return left;
  }
  await transactThenRing(context, async (tx, ring) => {
    await lockGoing(tx, moved);
    await saveResults(tx, pass.unwritten, clock);
    if (moved.length > 0) {
      const now = pass.time();
      await closeSteps(tx, moved, now);
      await insertSteps(tx, moved);
      await moveExecutions(tx, moved, now, runId);
      await setWakeUps(tx, moved);
      await setWatches(tx, moved, clock);
      const cancelled = moved.filter(({ writes: { ending } }) => ending?.status === "cancelled");
      if (cancelled.length > 0)
        await dropQueued(
          tx,
          cancelled.map(({ id }) => id),
        );
      await dropMessages(
        tx,
        moved.flatMap(({ id, writes: { dropped } }) => dropped.map((one) => ({ executionId: id, ...one }))),
      );
    }
    const ended = moved.filter(({ writes: { ending } }) => ending);
    await notifyRelatives(tx, ended.map(toEnded), { ...context, ring });
    await handOver?.(tx, left, ring);
    // The counters come last; see the order of locks in jobs/ring.ts.
    await countProgress(tx, moved.flatMap(toProgress), clock);
    await breakPoint("saving");
  });
  pass.unwritten.length = 0;
  await breakPoint("chunk-saved");
  context.webhookCalls.add(calls);
  return left;
}

const toEnded = ({ id, send, row: { parentWaits }, cursor: { resumed } }: ChunkExecution) => ({
  id,
  workspaceId: send.workspaceId,
  parentWaits,
  mayHaveWaited: resumed === "child",
});

/** The webhook call to be made now that the wait for it is committed. */
function callToMake(execution: ChunkExecution): HandedCall[] {
  const {
    id,
    send,
    leftAlone,
    cursor: { visit, call },
    writes: { wait },
  } = execution;
  const request =
    leftAlone === "nothing_to_write" ? (call?.leased ? undefined : call?.request) : isCallNow(execution) ? wait?.call : undefined;
  if (!request) return [];
  return [
    {
      executionId: id,
      callId: callIdOf(execution.cursor),
      workspaceId: send.workspaceId,
      sendId: send.id,
      request,
      idempotencyKey: `${id}:${visit}`,
    },
  ];
}

function countLeft(executions: readonly ChunkExecution[], { waitMs }: PassContext): PassResult {
  const remaining = executions.filter(({ leftAlone }) => leftAlone === "later" || leftAlone === "taken");
  const count = (of: readonly ChunkExecution[]) => ({
    later: of.filter(({ leftAlone }) => leftAlone === "later").length,
    taken: of.filter(({ leftAlone }) => leftAlone === "taken").length,
  });
  const bySend = Map.groupBy(remaining, ({ send }) => send.id);
  return {
    ...count(remaining),
    bySend: new Map([...bySend].map(([id, of]) => [id, count(of)])),
    ids: new Set(remaining.map(({ id }) => id)),
    seen: new Set(executions.map(({ id }) => id)),
    delayMs: waitMs,
  };
}

/** An execution that was woken stands in no lane, so only its wake-up brings it to another pass. */
function keepWakeUp({ row, writes }: ChunkExecution, now: number): void {
  if (row.wakeAt !== null) writes.wait = { until: new Date(now), for: null };
}

/** Whether there is something to write. An execution that is left for lack of time is put at its effect, or behind
 * the effect that this pass has done, for the next pass. */
function hasMoved(execution: ChunkExecution): boolean {
  const {
    leftAlone,
    cursor: { resumed },
    writes: { pending },
  } = execution;
  if (leftAlone === null) return true;
  // It still stands at the step at which it waited: its wake-up stays, and nothing of this pass needs to be kept.
  if (leftAlone !== "later" || resumed !== null) return false;
  if (pending) execution.cursor.nodeId = pending.node.id;
  // One that is to be moved has to stand behind what it has done.
  return execution.cursor.visit > execution.row.from.visit || (execution.awaitsMove && execution.writes.closedStep !== undefined);
}
