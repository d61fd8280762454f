import type { Logger } from "pino";
import type { Db, Tx } from "#db/client.ts";
import { breakPoint, SimulatedCrash } from "../base/break-point.ts";
import type { EngineDriver, QueuedJob } from "./driver.ts";

/** Collects turn jobs that are handed over once the transaction in progress has committed. */
export type Ring = (jobs: readonly QueuedJob[]) => void;

/*
 * The order of locks. A pass, an effect and whatever ends executions take theirs in this order, so that no two of them
 * wait for each other:
 *
 *   1. contacts, by id
 *   2. the key of each send, shared: it keeps out only the commands on the send, which lock the whole row (6)
 *   3. executions; from a child to its parent, never back
 *   4. rows of these executions: steps, messages, wake-ups, watches
 *   5. keys of `cancel` jobs, by key; then the turn's own lanes and wake-ups, when they are given back
 *   6. rows of sends, by id: every worker of a send meets there, so they are held for the shortest time
 *   7. keys of `enroll` and `finish_stopped_send` jobs
 *   8. keys of turn jobs: after the commit, as below
 *
 * A command on a send (pause, stop, its next page) begins at 6. One that also needs what stands above, as a new schedule
 * does, takes only what nobody holds; where somebody does, it lets go of everything and begins again.
 */

interface RingContext {
  db: Db;
  driver: EngineDriver;
  log: Logger;
}

/**
 * Runs a transaction and hands over, after its commit, the turn jobs that it has collected.
 *
 * A turn job is never handed over inside a transaction that holds rows of ours. Enrolling updates the send and then needs
 * `turn:<workspace>:<slot>`; a turn that handed over its successor held that key and then needed the row of the send, so
 * each held what the other wanted. If the process dies between commit and hand-over, the rows still say what is to be
 * done, and the next look for what is due (schedule/wake-due.ts, every 250 ms) hands the turn over.
 */
export async function transactThenRing<T>(context: RingContext, work: (tx: Tx, ring: Ring) => Promise<T>): Promise<T> {
  const collected: QueuedJob[] = [];
  const result = await context.db.transaction().execute((tx) => work(tx, (jobs) => void collected.push(...jobs)));
  await ringNow(context, collected);
  return result;
}

/** Hands over turn jobs outside any transaction. A failure is logged: what was committed stands, and the timers ring again. */
export async function ringNow({ db, driver, log }: RingContext, jobs: readonly QueuedJob[]): Promise<void> {
  if (jobs.length === 0) return;
  await breakPoint("before-ring");
  try {
    await driver.wake(db, jobs);
  } catch (error) {
    if (error instanceof SimulatedCrash) throw error;
    log.warn({ err: error }, "turns could not be handed over; the next look for what is due does it");
  }
}
