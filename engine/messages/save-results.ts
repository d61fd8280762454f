import { setTimeout as sleep } from "node:timers/promises";
import type { Db } from "#db/client.ts";
import { isRefusal } from "#db/errors.ts";
import type { Clock } from "../base/clock.ts";
import type { MessageResult } from "../execution/message-rows.ts";
import { saveResults } from "../execution/message-rows.ts";

/** How long to try. A process that is told to end has 35 seconds. */
const longestMs = 30_000;
/** The pause between tries, well below the lease after which another worker gives up these messages. */
const pauseMs = 250;

/**
 * Writes the answers of providers, and tries again while the database is away: otherwise every message in hand would be held
 * as unknown, although its outcome is known.
 *
 * @throws the last error, when the database stays away for 30 seconds or refuses the statement
 */
export async function saveResultsWithRetry(db: Db, results: readonly MessageResult[], clock: Clock): Promise<void> {
  const begun = performance.now();
  for (;;) {
    try {
      return await saveResults(db, results, clock);
    } catch (error) {
      if (isRefusal(error) || performance.now() - begun > longestMs) throw error;
      await sleep(pauseMs);
    }
  }
}
