import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Db } from "#db/client.ts";
import type { EngineDriver, RunningJob, Work } from "../../jobs/driver.ts";
import { repeat } from "../repeat.ts";
import { triggerRows } from "./job-rows.ts";
import type { HandOver } from "./payload.ts";
import { beginRun, finishRun, renewRun } from "./run-rows.ts";

export interface RunDriver extends EngineDriver {
  /** Does the job of a run. Returns "stale" when the run has nothing to do, because another run has the job or it is not due yet. */
  perform(handOver: HandOver, run: { runId: string; attempt: number }): Promise<"done" | "stale">;
}

const beatEveryMs = 1_000;
/** A run that starts up to this many milliseconds early waits. One that starts earlier ends, and another run is asked for. */
const longestEarlyMs = 10_000;

/** The driver inside a run of Trigger.dev. It does not look for work: each run calls `perform` with the row of its job. */
export function createRunDriver({ db, log }: { db: Db; log: Logger }): RunDriver {
  const holder = randomUUID();
  const inHand = new Set<Promise<unknown>>();
  let work: Work | undefined;
  let stopping = false;
  let beating: { stop(): Promise<void> } | undefined;
  /** The sign-ons and sign-offs of this process, one after the other, so that a run that ends never signs off one that begins. */
  let door: Promise<void> = Promise.resolve();

  /** Runs a sign-on or sign-off after the earlier ones. The process counts as a worker, with a heartbeat, while it has a run in hand. */
  function inTurn(action: () => Promise<void>): Promise<void> {
    const turn = door.then(action);
    door = turn.catch(() => {});
    return turn;
  }

  const come = (alive: Work) =>
    inTurn(async () => {
      if (beating) return;
      await alive.beat();
      beating = repeat("beat", beatEveryMs, () => alive.beat(), log);
    });

  const go = (alive: Work) =>
    inTurn(async () => {
      if (inHand.size > 0 || !beating) return;
      await beating.stop();
      beating = undefined;
      await alive.signOff();
    });

  async function doWork(alive: Work, handOver: HandOver, run: { runId: string; attempt: number }): Promise<"done" | "stale"> {
    await come(alive);
    let begun = await beginRun(db, { ...handOver, ...run, holder }, triggerRows.clock);
    if (begun && "earlyMs" in begun && begun.earlyMs <= longestEarlyMs) {
      await sleep(Math.max(0, begun.earlyMs) + 5);
      begun = await beginRun(db, { ...handOver, ...run, holder }, triggerRows.clock);
    }
    if (!begun) return "stale";
    if ("earlyMs" in begun) {
      await renewRun(db, { ...handOver, delayMs: 0, isLoss: false }, triggerRows.clock);
      return "stale";
    }
    const { job, tries } = begun;
    await alive.run({ ...job, tries: (job.tries ?? 0) + tries - 1, failures: job.failures ?? 0, runId: run.runId } as RunningJob);
    await finishRun(db, handOver);
    // This process may end with the run. Calls that are only in its memory would then wait until their lease runs out.
    await alive.drainCalls();
    return "done";
  }

  return {
    ...triggerRows,
    isRunning: () => work !== undefined && !stopping,
    holder: () => holder,
    async start(begun) {
      work = begun;
    },
    async perform(handOver, run) {
      const alive = work;
      // Trigger.dev tries again in another process after an error.
      if (!alive || stopping) throw new Error("This worker takes nothing at the moment.");
      const doing = doWork(alive, handOver, run);
      inHand.add(doing);
      try {
        return await doing;
      } finally {
        inHand.delete(doing);
        await go(alive);
      }
    },
    async stop() {
      stopping = true;
      await Promise.allSettled(inHand);
    },
  };
}
