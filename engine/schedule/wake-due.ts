import { breakPoint } from "../base/break-point.ts";
import type { EngineContext } from "../engine-context.ts";
import { turnJobs } from "../jobs/jobs.ts";
import { findDue } from "./turn-rows.ts";

/**
 * Hands over turns for every workspace in which something is due by the database's clock: wake-ups, lanes that may go on,
 * and work whose job was lost. Any number of workers may do this at once.
 */
export async function wakeDue({ db, clock, driver }: EngineContext): Promise<void> {
  const due = await findDue(db, clock);
  if (due.length === 0) return;
  await driver.wake(
    db,
    due.flatMap(({ workspace_id, quick, turns }) => turnJobs(workspace_id, { quick, turns })),
  );
  await breakPoint("timers-handed-over");
}
