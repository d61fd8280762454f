import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { Db } from "#db/client.ts";
import type { TestClock } from "../base/clock.ts";
import { createTestClock } from "../base/clock.ts";
import type { EngineDriver, RunningJob, Work } from "../jobs/driver.ts";
import { addJobs, countJobs, createJobTable, deleteJob, listHolders, releaseJobs, takeNextJob } from "./inline-rows.ts";
import { repeat } from "./repeat.ts";

export interface InlineDriver extends EngineDriver {
  clock: TestClock;
  /** Runs every job that is due, one after the other, until none is. Returns how many were run. */
  runUntilIdle(): Promise<number>;
}

export interface InlineOptions {
  db: Db;
  log: Logger;
  /** Whether start() begins to run jobs that are due. Otherwise only runUntilIdle() runs them. */
  automatic?: boolean;
  /** Left out, it is the database's. */
  clock?: TestClock;
}

/**
 * Runs jobs in the caller's process, one at a time, on a clock that can be turned forward. Tests use it. Its jobs are rows
 * too, so that they exist only if the transaction that hands them over commits.
 */
export function createInlineDriver({ db, log, automatic = false, clock = createTestClock() }: InlineOptions): InlineDriver {
  const holder = randomUUID();
  let work: Work | undefined;
  let loop: { stop(): Promise<void> } | undefined;

  async function runNext({ run }: Work): Promise<boolean> {
    const row = await takeNextJob(db, holder, clock);
    if (!row) return false;
    const { job } = row;
    await run({ ...job, tries: (job.tries ?? 0) + row.attempts - 1, failures: job.failures ?? 0 } as RunningJob);
    await deleteJob(db, row.id);
    return true;
  }

  async function runUntilIdle(): Promise<number> {
    if (!work) throw new Error("The inline driver was not started");
    let count = 0;
    for (;;) {
      await work.wakeDue();
      let ran = 0;
      while (await runNext(work)) ran += 1;
      count += ran;
      if (ran === 0) return count;
    }
  }

  return {
    clock,
    isRunning: () => work !== undefined,
    holder: () => holder,
    prepare: () => createJobTable(db),
    async start(begun) {
      work = begun;
      if (automatic) loop = repeat("inline jobs", 5, async () => void (await runUntilIdle()), log);
    },
    runUntilIdle,
    wake: (tx, jobs) => addJobs(tx, jobs, clock),
    holders: (tx, forSeconds) => listHolders(tx, forSeconds, clock),
    countJobs: (tx) => countJobs(tx, clock),
    release: releaseJobs,
    async stop() {
      await loop?.stop();
    },
  };
}
