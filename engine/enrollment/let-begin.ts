import type { Tx } from "#db/client.ts";
import type { EngineContext } from "../engine-context.ts";
import { enrollJob } from "../jobs/jobs.ts";
import { releaseSend } from "./approval-rows.ts";
import { addLanes } from "./send-lane-rows.ts";

/**
 * Lets an approved send begin: its contacts are enrolled by jobs, however few they are. With `after`, a planned start, nothing of it is
 * enrolled before.
 */
export async function letBegin(
  { clock, driver }: EngineContext,
  tx: Tx,
  of: { workspaceId: string; sendId: string; after: Date | null },
): Promise<void> {
  const { expected } = await releaseSend(tx, of, clock);
  if (of.after !== null) return;
  await addLanes(tx, of.sendId, { first: 0, count: 1 }, clock);
  await driver.wake(tx, [enrollJob({ id: of.sendId, expected }, { after: null, done: 0 })]);
}
