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
  /** Under which name this process relays. */
  holder: string;
}

/** Runs are asked for ahead of time, so that they start in time when many are due at once, or when nobody is here then. */
export const aheadSeconds = 600;
/** In one batch; the API takes 1,000, and a smaller one is worked through sooner. */
const perBatch = 500;
/** What a person waits for is asked for one by one while it is little: a batch is worked through in its own time. */
const mostSingles = 20;
const singlesAtOnce = 5;
/** So few are not worth a batch, whatever they are. */
const fewRuns = 3;

/**
 * Sends what is asked for: looks for what is due, tells Trigger.dev, and writes down that it did. It may be killed at any
 * line and done twice: the idempotency key of a row and its generation makes the second time find the first.
 */
export function createRelay(context: RelayContext): { look(): Promise<void> } {
  const { db, clock, log, holder, pace } = context;
  /** Of an earlier process there may be one; so the first success clears it. */
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

  /** Whether all were sent; what was not is still there at the next look. */
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

  /** A limit is waited for; anything else is an alert for the operator, and tried again more and more slowly. */
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
