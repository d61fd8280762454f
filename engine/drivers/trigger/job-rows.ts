import { databaseClock } from "../../base/clock.ts";
import type { EngineDriver } from "../../jobs/driver.ts";
import { askForRuns, countRuns, listRunHolders, releaseRuns } from "./run-rows.ts";

/** The part of the driver that is the same in every process, whether it relays, takes requests, or is a run. */
export const triggerRows = {
  clock: databaseClock,
  // The migrations create the tables.
  prepare: async () => {},
  /**
   * Hands over every job but turns as rows in the caller's transaction. The work of a turn stands in lanes and wake-ups,
   * where the relay finds it after the commit and asks for as many runs as fit.
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
