import type { Logger } from "pino";
import type { Db } from "#db/client.ts";
import type { Clock } from "../../base/clock.ts";
import { stoppedSendPriority } from "../../jobs/job-priorities.ts";
import { askForDue } from "./due-rows.ts";
import type { BatchSize, Pace } from "./pace.ts";
import { clearTroubles, holdRelay, noteTrouble } from "./relay-rows.ts";
import { listUnsent, markSent, type UnsentRun } from "./run-rows.ts";
import { type RunService, TriggerProblem } from "./service.ts";

export interface RelayContext {
  db: Db;
  log: Logger;
  clock: Clock;
  service: RunService;
  pace: Pace;
  batchSize: BatchSize;
  /** The name under which this process holds the lease of the relay. */
  holder: string;
}

/** Runs are triggered up to this many seconds ahead, so that they start in time when many are due at once, or when no process of ours relays then. */
export const aheadSeconds = 600;
/** Runs that one pass reads and sends. */
const perPass = 500;
/** Up to this many runs that a person waits for are triggered one by one, because Trigger.dev works through a batch in its own time. */
const mostSingles = 20;
const singlesAtOnce = 5;
/** Up to this many runs, of whatever priority, are triggered one by one. */
const fewRuns = 3;

/**
 * Looks for what is due, triggers the runs that were asked for, and marks them as sent. The process may be killed at any
 * line and do it twice: the idempotency key is made of the row and its generation, so the second request finds the run of
 * the first.
 */
export function createRelay(context: RelayContext): { look(): Promise<void> } {
  const { db, clock, log, holder, pace, batchSize } = context;
  /** An earlier process may have left a trouble row. The first success therefore clears it. */
  let mayBeInTrouble = true;
  let isToldOfBatches = true;

  async function look(): Promise<void> {
    if (!(await holdRelay(db, holder))) return;
    await askForDue(db, aheadSeconds, clock);
    for (;;) {
      const runs = await listUnsent(db, { aheadSeconds, limit: perPass }, clock);
      const isAll = runs.length === 0 || (await sendAll(runs));
      if (!isAll || runs.length < perPass || !(await holdRelay(db, holder))) return;
    }
  }

  /** Returns whether all were sent. The next look finds those that were not. */
  async function sendAll(runs: readonly UnsentRun[]): Promise<boolean> {
    const quick = runs.filter(({ priority }) => priority <= stoppedSendPriority);
    const isBatchOver = batchSize.most() === 0;
    const singles = runs.length <= fewRuns ? runs : quick.length <= mostSingles || isBatchOver ? quick.slice(0, mostSingles) : [];
    const rest = runs.filter((run) => !singles.includes(run));
    try {
      for (let i = 0; i < singles.length; i += singlesAtOnce) {
        if (!(await sendSingles(singles.slice(i, i + singlesAtOnce)))) return false;
      }
      for (let sent = 0; sent < rest.length; ) {
        const batch = rest.slice(sent, sent + batchSize.most());
        if (batch.length === 0 || !pace.take(2)) return false;
        await sendBatch(batch);
        sent += batch.length;
      }
    } catch (error) {
      return giveWay(error);
    }
    if (mayBeInTrouble) await clearTroubles(db, ["unreachable", "refused_key", "rejected"]);
    mayBeInTrouble = false;
    if (isToldOfBatches && !batchSize.isBounded()) {
      await clearTroubles(db, ["batch_limit"]);
      isToldOfBatches = false;
    }
    return true;
  }

  async function sendBatch(runs: readonly UnsentRun[]): Promise<void> {
    try {
      await context.service.triggerBatch(runs);
    } catch (error) {
      if (error instanceof TriggerProblem && error.limit?.of === "batch items") batchSize.refused(runs.length, error.limit);
      throw error;
    }
    await markSent(
      db,
      runs.map((run) => ({ ...run, runId: null })),
      clock,
    );
    batchSize.taken();
  }

  async function sendSingles(runs: readonly UnsentRun[]): Promise<boolean> {
    if (!pace.take(runs.length)) return false;
    const outcomes = await Promise.allSettled(runs.map((run) => context.service.trigger(run)));
    const sent = outcomes.flatMap((outcome, i) =>
      outcome.status === "fulfilled" ? [{ ...(runs[i] as UnsentRun), runId: outcome.value }] : [],
    );
    await markSent(db, sent, clock);
    const failure = outcomes.find((outcome) => outcome.status === "rejected");
    if (failure) throw failure.reason;
    return true;
  }

  /** After a rate limit the relay waits. Any other problem becomes an alert for the operator and is thrown, so the loop backs off. */
  async function giveWay(error: unknown): Promise<false> {
    if (!(error instanceof TriggerProblem)) throw error;
    if (error.limit) {
      const { of, size, retryAfterMs } = error.limit;
      // Batches have a bucket of their own: while it is empty, single runs go on.
      if (of === "requests") pace.rest(retryAfterMs);
      else if (batchSize.isBounded()) {
        isToldOfBatches = true;
        await noteTrouble(db, "batch_limit", error.message);
      }
      log.info({ limit: of, size, waitMs: retryAfterMs }, "a rate limit of Trigger.dev is reached; the relay waits for it");
      return false;
    }
    mayBeInTrouble = true;
    await noteTrouble(db, error.code, error.message);
    throw error;
  }

  return { look };
}
