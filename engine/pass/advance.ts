import type { RawBuilder, SqlBool } from "kysely";
import { isDeadlock, isUniqueViolation } from "#db/errors.ts";
import { breakPoint, SimulatedCrash } from "../base/break-point.ts";
import type { Facts } from "../base/tracer.ts";
import type { PassContext } from "../effects/effect.ts";
import { runEffects } from "../effects/run-effects.ts";
import type { EngineContext } from "../engine-context.ts";
import type { ChunkExecution } from "../execution/chunk.ts";
import { ChunkConflict } from "../execution/save-rows.ts";
import { walk } from "../execution/walk.ts";
import { keepsRecordsOf } from "../messages/doubt-lookup.ts";
import { saveResultsWithRetry } from "../messages/save-results.ts";
import type { LoadedChunk } from "./load-chunk.ts";
import { loadChunk } from "./load-chunk.ts";
import type { MayLookUp } from "./load-memory.ts";
import { movePeople } from "./move-people.ts";
import { rememberProviders } from "./pass-providers.ts";
import type { LoadedSends } from "./read-chunk.ts";
import type { PassResult, SaveOptions } from "./save-pass.ts";
import { savePass } from "./save-pass.ts";

export interface PassOptions extends SaveOptions {
  /** The sends of these executions, already read, and the clock that was read with them. */
  sends?: LoadedSends;
  /** Whether an earlier pass over these executions may have been cut off. */
  withLeftovers: boolean;
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
  const move = (ids: readonly string[]) => movePeople(context, ids, { spreadMs: 0 });
  const providerOf = rememberProviders(context);
  const mayLookUp: MayLookUp = async (execution, { channel, provider }) => keepsRecordsOf(await providerOf(execution, channel), provider);
  const chunk = await loadChunk(context, which, { ...options, move, mayLookUp });
  await breakPoint("chunk-read");
  const about = { ...traceOf(chunk.executions), since: startedAt };
  return context.tracer.span("advance chunk", () => act(context, chunk, { ...options, providerOf }, startedAt), about);
}

async function act(
  context: EngineContext,
  { executions, time }: LoadedChunk,
  { providerOf, ...options }: PassOptions & Pick<PassContext, "providerOf">,
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
    links: context.links,
    driver: context.driver,
    log: context.log,
    nodes: context.nodes,
    flows: context.flows,
    providerOf,
    mustYield: () => context.isStopping() || performance.now() - begun > passBudgetMs,
    unwritten: [],
    waitMs: 0,
  };
  try {
    for (const execution of executions) walk(execution, time);
    await runEffects(pass);
    const left = await savePass(context, executions, pass, options);
    meter.pass({ executions: executions.length - left.later - left.taken, seconds: (performance.now() - startedAt) / 1_000 });
    return left;
  } catch (error) {
    // The answers of the providers are known by now and must be kept, even if this write failed.
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
  const isOne = executions.every(({ send, row: { wakeAt } }) => send.id === first.send.id && wakeAt === null);
  return isOne ? { facts: { ...facts, "sluice.send": first.send.id }, parent: traces[0] } : { facts, links: traces.slice(0, 32) };
}

const isConflict = (error: unknown) => error instanceof ChunkConflict || isUniqueViolation(error) || isDeadlock(error);
