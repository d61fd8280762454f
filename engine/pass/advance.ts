import type { RawBuilder, SqlBool } from "kysely";
import { captureProvider } from "#channels/capture/send.ts";
import type { Provider } from "#channels/channel.ts";
import { type Channel, forEachChannel } from "#contract/messages.ts";
import type { Tx } from "#db/client.ts";
import { isDeadlock, isUniqueViolation } from "#db/errors.ts";
import { breakPoint, SimulatedCrash } from "../base/break-point.ts";
import type { Facts } from "../base/tracer.ts";
import type { PassContext } from "../effects/effect.ts";
import { runEffects } from "../effects/run-effects.ts";
import type { HandedCall } from "../effects/webhook-calls.ts";
import type { EngineContext } from "../engine-context.ts";
import type { ChunkExecution } from "../execution/chunk.ts";
import type { Progress } from "../execution/counter-rows.ts";
import { countProgress } from "../execution/counter-rows.ts";
import { dropMessages, dropQueued, saveResults } from "../execution/message-rows.ts";
import { addToReach } from "../execution/message-tally.ts";
import { notifyRelatives } from "../execution/notify-relatives.ts";
import { ChunkConflict, callIdOf, closeSteps, insertSteps, isCallNow, moveExecutions, setWakeUps } from "../execution/save-rows.ts";
import { walk } from "../execution/walk.ts";
import { setWatches } from "../execution/watch-rows.ts";
import type { Ring } from "../jobs/ring.ts";
import { transactThenRing } from "../jobs/ring.ts";
import { saveResultsWithRetry } from "../messages/save-results.ts";
import type { LoadedChunk, LoadedSends } from "./load-chunk.ts";
import { loadChunk } from "./load-chunk.ts";

export interface PassOptions {
  /** The sends of these executions, already read, and the clock that was read with them. */
  sends?: LoadedSends;
  /** Whether an earlier pass over these executions may have been cut off. */
  withLeftovers: boolean;
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

/** A pass over slow providers ends after this, so that other jobs get its place. */
const passBudgetMs = 2_000;

/**
 * THE function: moves a chunk of executions forward, each until it rests, is over, or is left for another pass.
 *
 *   read → walk in memory → claim messages → call providers → … → write everything at once
 *                         → change contacts, with the steps so far → …
 *
 * It may be killed at any line and run twice at the same time. Four rules keep that safe: messages are committed before
 * they are sent, and changes of our own rows together with their steps; steps are unique per visit and inserted plainly;
 * cursors move by compare-and-set; and what comes next is handed over with the rows that lead to it. The second of two
 * passes finds a conflict, reads again with what the first has written, and goes on from there.
 */
export async function advanceChunk(context: EngineContext, which: RawBuilder<SqlBool>, options: PassOptions): Promise<PassResult> {
  for (let conflicts = 0; ; conflicts += 1) {
    try {
      return await pass(context, which, { ...options, withLeftovers: options.withLeftovers || conflicts > 0 });
    } catch (error) {
      if (!isConflict(error) || conflicts === 4) throw error;
    }
  }
}

async function pass(context: EngineContext, which: RawBuilder<SqlBool>, options: PassOptions): Promise<PassResult> {
  const startedAt = performance.now();
  const chunk = await loadChunk(context, which, options);
  await breakPoint("chunk-read");
  const about = { ...traceOf(chunk.executions), since: startedAt };
  return context.tracer.span("advance chunk", () => act(context, chunk, options, startedAt), about);
}

async function act(
  context: EngineContext,
  { executions, time }: LoadedChunk,
  options: PassOptions,
  startedAt: number,
): Promise<PassResult> {
  const { db, clock, calls, meter, tracer } = context;
  const begun = performance.now();
  const pass: PassContext = {
    db,
    clock,
    calls,
    time,
    tracer,
    executions,
    limiter: context.limiter,
    driver: context.driver,
    log: context.log,
    nodes: context.nodes,
    flows: context.flows,
    providerOf: rememberProviders(context),
    mustYield: () => context.isStopping() || performance.now() - begun > passBudgetMs,
    unwritten: [],
    waitMs: 0,
  };
  try {
    for (const execution of executions) walk(execution, time);
    await runEffects(pass);
    const left = await save(context, executions, pass, options);
    meter.pass({ executions: executions.length - left.later - left.taken, seconds: (performance.now() - startedAt) / 1_000 });
    return left;
  } catch (error) {
    // Whatever went wrong here, the answers of the providers are known and must be kept.
    if (!(error instanceof SimulatedCrash)) await saveResultsWithRetry(db, pass.unwritten, clock);
    throw error;
  }
}

/** A pass that begins a send is part of the trace of that send. A pass over woken executions has a trace of its own, with links. */
function traceOf(executions: readonly ChunkExecution[]): { facts: Facts; parent?: string; links?: string[] } {
  const [first] = executions;
  const facts: Facts = { "sluice.executions": executions.length };
  if (!first) return { facts };
  const traces = [...new Set(executions.flatMap(({ send }) => send.traceparent ?? []))];
  const isOne = executions.every(({ send, row: { wasWaiting } }) => send.id === first.send.id && !wasWaiting);
  return isOne ? { facts: { ...facts, "sluice.send": first.send.id }, parent: traces[0] } : { facts, links: traces.slice(0, 32) };
}

async function save(
  context: EngineContext,
  executions: readonly ChunkExecution[],
  pass: PassContext,
  { handOver, runId }: Pick<PassOptions, "handOver" | "runId">,
): Promise<PassResult> {
  const { clock } = context;
  const left = countLeft(executions, pass);
  const moved = executions.filter(hasMoved);
  await breakPoint("before-save");
  const calls = executions.flatMap(callToMake);
  if (moved.length === 0 && pass.unwritten.length === 0 && !handOver) {
    context.webhookCalls.add(calls);
    return left;
  }
  await transactThenRing(context, async (tx, ring) => {
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

function toProgress({ send, row: { reach }, writes: { ending, tally } }: ChunkExecution): Progress[] {
  if (!ending && tally.length === 0) return [];
  return [{ sendId: send.id, status: ending?.status ?? null, before: reach, after: addToReach(reach, tally), tally }];
}

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

/** Whether there is something to write. An execution that is left for lack of time is put at its effect, for the next pass. */
function hasMoved(execution: ChunkExecution): boolean {
  const {
    leftAlone,
    cursor: { resumed },
    writes: { pending },
  } = execution;
  if (leftAlone === null) return true;
  // It still stands at the step at which it waited: its wake-up stays, and nothing of this pass needs to be kept.
  if (leftAlone !== "later" || resumed !== null || !pending) return false;
  execution.cursor.nodeId = pending.node.id;
  return execution.cursor.visit > execution.row.from.visit;
}

/** Loads each provider once per pass and channel. A test send gets one that sends nothing, whatever is set up. */
function rememberProviders(context: EngineContext): PassContext["providerOf"] {
  const known = new Map<string, Promise<Provider | Error>>();
  return ({ send }, channel) => {
    const key = `${send.workspaceId} ${channel} ${send.isTest}`;
    const provider =
      known.get(key) ?? (send.isTest ? Promise.resolve(testProviders[channel]) : findProvider(context, send.workspaceId, channel));
    known.set(key, provider);
    return provider;
  };
}

const testProviders = forEachChannel(captureProvider);

async function findProvider({ providerFor, log }: EngineContext, workspaceId: string, channel: Channel): Promise<Provider | Error> {
  try {
    return await providerFor(workspaceId, channel);
  } catch (error) {
    log.error({ err: error, workspaceId, channel }, "the provider of a channel could not be loaded; its messages wait");
    return error instanceof Error ? error : new Error(String(error));
  }
}

const isConflict = (error: unknown) => error instanceof ChunkConflict || isUniqueViolation(error) || isDeadlock(error);
