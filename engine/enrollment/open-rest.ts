import type { Tx } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import { closeIfDone } from "../execution/counter-rows.ts";
import { unparkWakeUps } from "../execution/unpark-rows.ts";
import { writeOpened } from "./canary-rows.ts";
import { addLanes } from "./send-lane-rows.ts";

/**
 * Lets the rest of a send follow its few, as a resumed send goes on. The row of the send is held. `all_in`: the whole audience was
 * looked at; otherwise the last page adds the other lanes.
 *
 * @returns whether this call did it
 */
export async function openRest(
  tx: Tx,
  send: { id: string; lanes: number; allIn: boolean },
  by: Parameters<typeof writeOpened>[2],
  clock: Clock,
): Promise<boolean> {
  if (!(await writeOpened(tx, send.id, by, clock))) return false;
  await addLanes(tx, send.id, { first: 0, count: send.allIn ? send.lanes : 1 }, clock);
  await unparkWakeUps(tx, send.id, clock);
  await closeIfDone(tx, send.id, clock);
  return true;
}
