import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import { isBusy } from "./address-in-use-rows.ts";

/** Milliseconds. A provider waits for some seconds for an answer. */
const longestQuietMs = 3_000;
const quietPauseMs = 20;

/**
 * Resolves when nothing is on its way to these addresses any more, or after three seconds: a call that takes so long that it cannot be
 * waited for is looked at once more before it is made; see provider-calls.ts.
 */
export async function untilQuiet(
  { db, log }: { db: Db; log: Logger },
  { workspaceId, channel, addresses }: { workspaceId: string; channel: Channel; addresses: readonly string[] },
): Promise<void> {
  const until = performance.now() + longestQuietMs;
  try {
    for (const address of addresses)
      while (performance.now() < until && (await isBusy(db, { workspaceId, channel, address }))) await sleep(quietPauseMs);
  } catch (error) {
    log.warn({ err: error, workspaceId }, "whether messages to an address that was closed are in hand could not be read");
  }
}
