import { dropNeedless } from "./needless-rows.ts";
import type { RelayContext } from "./relay.ts";
import { clearTroubles, noteTrouble, refutedByCheck } from "./relay-rows.ts";
import { hasLosses, listOverdue, markLookedAt, noteRunId, type OverdueRun, renewRun } from "./run-rows.ts";
import { type RunState, TriggerProblem } from "./service.ts";

export interface ReconcileOptions {
  /** Seconds for which a run may be due before it is inspected. */
  firstLookSeconds: number;
  /** Seconds until it is inspected again. A delayed run that is due for this long and was not woken is lost. */
  overdueSeconds: number;
  /** Seconds within which a run that executes begins its work: its process starts and connects to the database. */
  beginningSeconds: number;
}

/** Requests that one round may cost. The bound leaves the rest of the rate limit to the relay. */
const mostLooks = 25;
const mostCancels = 25;
/** After this many runs of one job have ended without beginning it, an alert tells the operator. New runs are still asked for, with a backoff. */
const alarmingLosses = 5;
const longestBackoffMs = 600_000;

/**
 * Trigger.dev may lose a run, end it, or never begin it. A run that was sent, is due, and has not begun is inspected by
 * its id:
 *
 *   alive (queued)                 it is left alone
 *   delayed beyond its time, over  another run is asked for, under the next generation, so that no idempotency key points
 *                                  to the old run
 *   executing for a while          it hangs before its work, as when the database broke off; another run is asked for, which
 *                                  makes this one stale, and it is cancelled, so that it frees its place there
 *   no deployed code               it is left alone, and an alert tells the operator
 *   sent in a batch, id unknown    it is triggered once more under the same idempotency key, which returns the id
 */
export async function reconcile(context: RelayContext, options: ReconcileOptions): Promise<void> {
  try {
    await scanFiltered(context, options);
  } catch (error) {
    if (!(error instanceof TriggerProblem) || error.code !== "rate_limited") throw error;
    // The next round goes on with the rest.
    context.pace.rest(error.limit?.retryAfterMs ?? 0);
  }
}

async function scanFiltered(context: RelayContext, options: ReconcileOptions): Promise<void> {
  const { db, clock, pace, service, log } = context;
  for (const runId of await dropNeedless(db, mostCancels)) {
    // A run without its row finds nothing to do, so a cancel that fails does no harm.
    if (pace.take(1))
      await service.cancel(runId).catch((error) => log.debug({ err: error, runId }, "a needless run could not be cancelled"));
  }
  await checkDeployment(context);
  for (const run of await listOverdue(db, { ...options, limit: mostLooks }, clock)) {
    if (!pace.take(2)) return;
    await lookAt(context, options, run);
  }
  if (!(await hasLosses(db, alarmingLosses))) await clearTroubles(db, ["runs_fail"]);
}

/** Writes an alert when Trigger.dev cannot do our work, and clears it when it can again. */
async function checkDeployment({ db, pace, service }: RelayContext): Promise<void> {
  if (!pace.take(1)) return;
  try {
    await service.check();
    await clearTroubles(db, refutedByCheck);
  } catch (error) {
    if (!(error instanceof TriggerProblem) || error.code === "rate_limited") throw error;
    await noteTrouble(db, error.code, error.message);
    if (error.code !== "not_deployed") throw error;
  }
}

async function lookAt(context: RelayContext, { overdueSeconds, beginningSeconds }: ReconcileOptions, run: OverdueRun): Promise<void> {
  const { db, clock, service } = context;
  const runId = run.runId ?? (await service.trigger(run));
  if (run.runId === null) await noteRunId(db, { ...run, runId });
  const state = await service.inspect(runId);
  if (state.is === "undeployed") await noteTrouble(db, "not_deployed", waitsForDeploy(runId, service.deployCommand));
  const isLost =
    state.is === "over" ||
    (state.is === "delayed" && run.lateSeconds >= overdueSeconds) ||
    (state.is === "executing" && state.forMs >= beginningSeconds * 1_000);
  if (isLost) await renew(context, run, runId, state);
  // One that has just begun to execute is inspected again in the next round.
  else if (state.is !== "executing") await markLookedAt(db, run, clock);
}

async function renew({ db, clock, log, service }: RelayContext, run: OverdueRun, runId: string, state: RunState): Promise<void> {
  const losses = run.losses + 1;
  const delayMs = losses === 1 ? 0 : Math.min(1_000 * 4 ** losses, longestBackoffMs);
  if (!(await renewRun(db, { ...run, delayMs, isLoss: true }, clock))) return;
  log.warn({ runId, status: state.status, losses }, whatHappened[state.is] ?? whatHappened.over);
  if (losses >= alarmingLosses) await noteTrouble(db, "runs_fail", keepsFailing(runId, state.status));
  if (state.is !== "over")
    await service.cancel(runId).catch((error) => log.debug({ err: error, runId }, "a lost run could not be cancelled"));
}

const whatHappened: Record<string, string> = {
  over: "a run of Trigger.dev ended without having begun its work; another one is asked for",
  delayed: "a delayed run of Trigger.dev was not woken at its time; another one is asked for",
  executing: "a run of Trigger.dev executes and has not begun its work; another one is asked for",
};

const waitsForDeploy = (runId: string, command: string) =>
  `Runs wait at Trigger.dev for a deployed version that knows their task (${runId} is one of them): deploy this version's task with ${command}.`;

const keepsFailing = (runId: string, status: string) =>
  `Runs at Trigger.dev end or hang before they begin their work (${runId}: ${status}), again and again: open it in the dashboard, and check that DATABASE_URL and MASTER_KEY are set in that environment and that the database can be reached from there.`;
