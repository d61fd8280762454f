import { databaseClock } from "../../base/clock.ts";
import type { EngineDriver } from "../../jobs/driver.ts";
import { askForRuns, countRuns, listRunHolders, releaseRuns } from "./run-rows.ts";

/** What every process shares, whether it relays, takes requests, or is a run: the rows. */
export const triggerRows = {
  clock: databaseClock,
  // The tables come with the migrations.
  prepare: async () => {},
  /**
   * Turns are not handed over: what they are about stands in lanes and wake-ups, and the relay's look finds it there,
   * after the commit and in the size that fits. The other jobs become rows in the caller's transaction.
   */
  wake: (db, jobs) =>
    askForRuns(
      db,
      jobs.filter(({ kind }) => kind !== "turn"),
      databaseClock,
    ),
  holders: listRunHolders,
  release: releaseRuns,
  countJobs: (db) => countRuns(db, databaseClock),
} satisfies Partial<EngineDriver>;
