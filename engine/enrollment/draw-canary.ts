import { fewOf } from "#contract/send-canary.ts";
import type { Tx } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import { beginWithFew, drawFew, readFewSchedule, wakeAt } from "./canary-rows.ts";
import { fewMoments } from "./few-moments.ts";
import { openRest } from "./open-rest.ts";

/** What is left to do once the row of the send is held: nothing where the send does not begin with a few. */
type Rest = (send: { id: string; lanes: number }) => Promise<void>;

/** The schedule was changed between the draw and the lock of the send. */
class ScheduleChanged extends Error {
  override name = "ScheduleChanged";
}

/**
 * Draws the few with whom a send begins, when its last page was enrolled, and sets when they are woken. The rest has no lane until it
 * follows. Executions come before the row of their send in the order of locks (jobs/ring.ts), so what concerns that row is
 * answered as a step of its own.
 *
 *   more contacts than the few → the few are drawn, the send is in `canary`
 *   no more contacts than these → nobody is left to be held, and all begin
 *
 * Cut off anywhere, the page is enrolled anew with the same draw.
 */
export async function drawCanary(tx: Tx, sendId: string, clock: Clock): Promise<Rest> {
  const schedule = await readFewSchedule(tx, sendId, clock);
  if (!schedule) return async () => {};
  const few = fewOf(schedule, schedule.pending);
  if (few >= schedule.pending) {
    return async (send) => void (await openRest(tx, { ...send, allIn: true }, { by: "too_few", name: null }, clock));
  }
  const ids = await drawFew(tx, { sendId, few });
  const { moments, round } = fewMoments(ids.length, schedule);
  await wakeAt(tx, sendId, { ids, moments, byContact: schedule.by_contact });
  return async () => {
    if (!(await beginWithFew(tx, sendId, { few: ids.length, mark: schedule.mark, round }))) throw new ScheduleChanged("It is drawn again.");
  };
}
