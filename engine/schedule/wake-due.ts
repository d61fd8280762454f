import { breakPoint } from "../base/break-point.ts";
import type { EngineContext } from "../engine-context.ts";
import { turnJobs } from "../jobs/jobs.ts";
import { findDue, takeFullLook } from "./turn-rows.ts";

/**
 * The looks of one worker for what is due by the database's clock: wake-ups, lanes that may go on, and work whose job was
 * lost. Each look hands over turns for the workspaces it has found. Any number of workers may do this at once.
 *
 *   the first look → all workspaces
 *   every later one → what fell due since the look before, and the lanes; a look whose turns could not be handed over does
 *     not count as one
 *   every five seconds, one worker of all → all workspaces again, for what a look could not see: a wake-up whose
 *     transaction committed long after its moment, or one behind very many others
 */
export function createDueLook({ db, clock, driver, simulatesIn }: EngineContext): () => Promise<void> {
  let since: string | null = null;
  let isFullLookDue = true;

  return async () => {
    const everywhere = simulatesIn === undefined && isFullLookDue && (await takeFullLook(db));
    const look = await findDue(db, clock, simulatesIn === undefined ? { since: everywhere ? null : since } : { only: simulatesIn });
    if (look.due.length > 0) {
      await driver.wake(
        db,
        look.due.flatMap(({ workspace_id, quick, turns }) => turnJobs(workspace_id, { quick, turns })),
      );
      await breakPoint("timers-handed-over");
    }
    since = look.lookedAt;
    isFullLookDue = look.isFullLookDue;
  };
}
