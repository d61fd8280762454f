import type { RelayContext } from "./relay.ts";
import { clearTroubles, noteTrouble, refutedByCheck } from "./relay-rows.ts";
import { dropNeedless, hasLosses, listOverdue, markLookedAt, noteRunId, type OverdueRun, renewRun } from "./run-rows.ts";
import { type RunState, TriggerProblem } from "./service.ts";

export interface ReconcileOptions {
  /** For how long a run may be due before it is looked at. */
  overdueSeconds: number;
}

/** Requests that one round may cost; the relay's own come first. */
const mostLooks = 50;
const mostCancels = 20;
/** After so many runs that ended without beginning their work the operator is told; they go on being asked for, slowly. */
const alarmingLosses = 5;
const longestBackoffMs = 600_000;

/**
 * Trigger.dev may lose a run, end it, or never begin it. What was sent, is due, and has not begun is looked at by its id:
 *
 *   alive (queued, executing)      left alone
 *   delayed beyond its time, over  another run is asked for, under the next generation, so that no key points to the old
 *   no deployed code               left alone, and the operator is told
 *   sent in a batch, id unknown    asked for once more under the same key, which answers with the id
 */
export async function reconcile(context: RelayContext, options: ReconcileOptions): Promise<void> {
  try {
    await scanFiltered(context, options);
  } catch (error) {
    if (!(error instanceof TriggerProblem) || error.code !== "rate_limited") throw error;
    // The rest is for the next round.
    context.pace.rest(error.retryAfterMs ?? 0);
  }
}

async function scanFiltered(context: RelayContext, { overdueSeconds }: ReconcileOptions): Promise<void> {
  const { db, clock, pace, service, log } = context;
  for (const runId of await dropNeedless(db, mostCancels, clock)) {
    // For tidiness only: a run without its row finds nothing to do.
    if (pace.take(1))
      await service.cancel(runId).catch((error) => log.debug({ err: error, runId }, "a needless run could not be cancelled"));
  }
  await checkDeployment(context);
  for (const run of await listOverdue(db, { overdueSeconds, limit: mostLooks }, clock)) {
    if (!pace.take(2)) return;
    await lookAt(context, run);
  }
  if (!(await hasLosses(db, alarmingLosses))) await clearTroubles(db, ["runs_fail"]);
}

/** Says loudly what keeps work from being done, and takes it back when it is over. */
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

async function lookAt(context: RelayContext, run: OverdueRun): Promise<void> {
  const { db, clock, service, log } = context;
  const runId = run.runId ?? (await service.trigger(run));
  if (run.runId === null) await noteRunId(db, { ...run, runId });
  const state = await service.inspect(runId);
  if (state.is === "alive" || state.is === "undeployed") {
    if (state.is === "undeployed") await noteTrouble(db, "not_deployed", waitsForDeploy(runId));
    return markLookedAt(db, run, clock);
  }
  if (state.is === "delayed")
    await service.cancel(runId).catch((error) => log.debug({ err: error, runId }, "a lost run could not be cancelled"));
  await renew(context, run, runId, state);
}

async function renew({ db, clock, log }: RelayContext, run: OverdueRun, runId: string, state: RunState): Promise<void> {
  const losses = run.losses + 1;
  log.warn({ runId, status: state.status, losses }, "a run of Trigger.dev ended without having begun its work; another one is asked for");
  if (losses >= alarmingLosses) await noteTrouble(db, "runs_fail", keepsFailing(runId, state.status));
  const delayMs = losses === 1 ? 0 : Math.min(1_000 * 4 ** losses, longestBackoffMs);
  await renewRun(db, { ...run, delayMs, isLoss: true }, clock);
}

const waitsForDeploy = (runId: string) =>
  `Runs wait at Trigger.dev for a deployed version that knows their task (${runId} is one of them): deploy this version's task with "npx trigger.dev deploy".`;

const keepsFailing = (runId: string, status: string) =>
  `Runs at Trigger.dev end before they begin their work (${runId}: ${status}), again and again: open it in the dashboard, and check that DATABASE_URL and MASTER_KEY are set in that environment and that the database can be reached from there.`;
