import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Db } from "#db/client.ts";
import type { EngineDriver, RunningJob, Work } from "../../jobs/driver.ts";
import { repeat } from "../repeat.ts";
import type { HandOver } from "./payload.ts";
import { beginRun, finishRun, renewRun } from "./run-rows.ts";
import { triggerRows } from "./shared-driver.ts";

export interface RunDriver extends EngineDriver {
  /** Does what a run was asked for, once, and ends. */
  perform(handOver: HandOver, run: { runId: string; attempt: number }): Promise<"done" | "stale">;
}

const beatEveryMs = 1_000;
/** A clock that goes a little faster over there is waited for; more than that, and the run is asked for anew. */
const longestEarlyMs = 10_000;

/** The other half of the Trigger.dev driver: it does not look for work, it is called by a run with what to do. */
export function createRunDriver({ db, log }: { db: Db; log: Logger }): RunDriver {
  const holder = randomUUID();
  const inHand = new Set<Promise<unknown>>();
  let work: Work | undefined;
  let stopping = false;
  let beating: { stop(): Promise<void> } | undefined;
  /** Coming and going in turn: two runs in one process never sign each other off. */
  let door: Promise<void> = Promise.resolve();

  /** As long as anything is in hand this process is a worker, and says so. */
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
    // This process may end with the run, and calls that it has only in memory would then wait until their lease runs out.
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
      // Thrown, so that Trigger.dev tries again elsewhere.
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
