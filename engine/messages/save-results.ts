import { setTimeout as sleep } from "node:timers/promises";
import type { Db } from "#db/client.ts";
import { isRefusal } from "#db/errors.ts";
import type { Clock } from "../base/clock.ts";
import type { MessageResult } from "../execution/message-rows.ts";
import { saveResults } from "../execution/message-rows.ts";

/** Nothing else can be done meanwhile, so there is no hurry to give up; but a process that is told to end has 35 seconds. */
const longestMs = 30_000;
/** Well below what another worker needs to find this one silent and give up its messages. */
const pauseMs = 250;

/**
 * Writes what providers answered, also when the database is away at this moment: otherwise every message in hand would
 * be held as unknown, although it is known what became of it. Throws when the database stays away or refuses.
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
