import type { Logger } from "pino";
import type { Db } from "#db/client.ts";
import type { Clock } from "../../base/clock.ts";
import { stoppedSendPriority } from "../../jobs/job-priorities.ts";
import { askForDue } from "./due-rows.ts";
import type { Pace } from "./pace.ts";
import { clearTroubles, holdRelay, noteTrouble } from "./relay-rows.ts";
import { listUnsent, markSent, type UnsentRun } from "./run-rows.ts";
import { type RunService, TriggerProblem } from "./service.ts";

export interface RelayContext {
  db: Db;
  log: Logger;
  clock: Clock;
  service: RunService;
  pace: Pace;
  /** The name under which this process holds the lease of the relay. */
  holder: string;
}

/** Runs are triggered up to this many seconds ahead, so that they start in time when many are due at once, or when no process of ours relays then. */
export const aheadSeconds = 600;
/** Runs in one batch. The API takes 1,000, but Trigger.dev works through a smaller batch sooner. */
const perBatch = 500;
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
  const { db, clock, log, holder, pace } = context;
  /** An earlier process may have left a trouble row. The first success therefore clears it. */
  let mayBeInTrouble = true;

  async function look(): Promise<void> {
    if (!(await holdRelay(db, holder))) return;
    await askForDue(db, aheadSeconds, clock);
    for (;;) {
      const runs = await listUnsent(db, { aheadSeconds, limit: perBatch }, clock);
      const isAll = runs.length === 0 || (await sendAll(runs));
      if (!isAll || runs.length < perBatch || !(await holdRelay(db, holder))) return;
    }
  }

  /** Returns whether all were sent. The next look finds those that were not. */
  async function sendAll(runs: readonly UnsentRun[]): Promise<boolean> {
    const quick = runs.filter(({ priority }) => priority <= stoppedSendPriority);
    const singles = runs.length <= fewRuns ? runs : quick.length <= mostSingles ? quick : [];
    const rest = runs.filter((run) => !singles.includes(run));
    try {
      for (let i = 0; i < singles.length; i += singlesAtOnce) {
        if (!(await sendSingles(singles.slice(i, i + singlesAtOnce)))) return false;
      }
      if (rest.length > 0) {
        if (!pace.take(2)) return false;
        await context.service.triggerBatch(rest);
        await markSent(
          db,
          rest.map((run) => ({ ...run, runId: null })),
          clock,
        );
      }
    } catch (error) {
      return giveWay(error);
    }
    if (mayBeInTrouble) await clearTroubles(db, ["unreachable", "refused_key", "rejected"]);
    mayBeInTrouble = false;
    return true;
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
    if (error.code === "rate_limited") {
      pace.rest(error.retryAfterMs ?? 0);
      log.info({ waitMs: error.retryAfterMs }, "Trigger.dev's rate limit is reached; the relay waits for it");
      return false;
    }
    mayBeInTrouble = true;
    await noteTrouble(db, error.code, error.message);
    throw error;
  }

  return { look };
}
