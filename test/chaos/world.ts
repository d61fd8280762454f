import { type Desk, openDesk } from "./desk.ts";
import { type Behaviour, type Outside, startOutside } from "./outside.ts";
import { type OwnDatabase, startOwnDatabase } from "./own-database.ts";
import { openReportDesk, type ReportDesk } from "./report-desk.ts";
import type { ChaosContext } from "./scenario.ts";
import { loadWorker, type Worker, type WorkerPlan } from "./worker.ts";

/**
 * The parts of a test: a database of its own, the outside world, a desk that accepts sends, and workers that can be
 * killed.
 */
export interface World {
  database: OwnDatabase;
  outside: Outside;
  desk: Desk;
  /** Where Twilio reports, in a world with one. */
  reports: ReportDesk | undefined;
  /** Loads a worker, which then waits for `begin`. */
  load(plan?: Partial<WorkerPlan>): Promise<Worker>;
  start(plan?: Partial<WorkerPlan>): Promise<Worker>;
}

/** Builds the world, runs the test in it, and leaves no process behind, whatever the result. */
export async function inWorld<T>(
  { seed }: ChaosContext,
  behaviour: Partial<Behaviour>,
  test: (world: World) => Promise<T>,
  options: { withTwilio?: boolean } = {},
): Promise<T> {
  const database = await startOwnDatabase();
  const outside = await startOutside(seed, behaviour, options);
  const workers: Promise<Worker>[] = [];
  let reports: ReportDesk | undefined;
  try {
    const desk = await openDesk(database);
    if (outside.twilio) reports = await openReportDesk(desk.engine, outside.twilio);
    const load = (plan: Partial<WorkerPlan> = {}) => {
      const { smtpPort, smsUrl } = outside;
      const worker = loadWorker({ databaseUrl: database.url, smtpPort, smsUrl, inFlight: 4, jobs: 4, ...plan });
      workers.push(worker);
      return worker;
    };
    const start = async (plan: Partial<WorkerPlan> = {}) => {
      const worker = await load(plan);
      await worker.begin();
      return worker;
    };
    return await test({ database, outside, desk, reports, load, start });
  } finally {
    // Workers that are still loading are ended too, because each of them keeps this process from ending.
    const loaded = (await Promise.allSettled(workers)).flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    await Promise.all(loaded.filter((worker) => worker.isAlive()).map((worker) => worker.kill()));
    await outside.stop();
    await reports?.stop();
    await database.stop();
  }
}
