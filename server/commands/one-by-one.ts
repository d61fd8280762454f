import { setImmediate as breathe } from "node:timers/promises";
import { ApiError } from "../http/errors.ts";

/** Graphs that are in memory at a time. Each may have a megabyte. */
const readAtOnce = 10;
/** Milliseconds of work after which the process does something else. */
const turnMs = 20;
/** Milliseconds of work for a request. Hundreds of usual flows take less. */
const mostMs = 2_000;

export interface WorkLimits {
  /** Milliseconds that have passed, since whenever. */
  elapsed?: () => number;
  mostMs?: number;
}

/**
 * Gives graphs one after the other to whoever looks at them. A workspace may have thousands, and one of the largest takes a tenth of a
 * second, so their number must not decide how long the process that answers everybody is held, nor how much memory it needs: few are read
 * at a time, the looking has pauses, and a request that takes too long ends.
 *
 * @throws ApiError unavailable
 */
export async function* oneByOne<Key, Graph>(
  keys: readonly Key[],
  read: (keys: readonly Key[]) => Promise<readonly Graph[]>,
  { elapsed = () => performance.now(), mostMs: most = mostMs }: WorkLimits = {},
): AsyncGenerator<Graph> {
  let spent = 0;
  let sincePause = 0;
  for (let from = 0; from < keys.length; from += readAtOnce) {
    for (const graph of await read(keys.slice(from, from + readAtOnce))) {
      if (spent > most) throw tooMany();
      const begun = elapsed();
      yield graph;
      const took = elapsed() - begun;
      spent += took;
      sincePause += took;
      if (sincePause < turnMs) continue;
      sincePause = 0;
      await breathe();
    }
  }
}

const tooMany = () =>
  new ApiError("unavailable", "The flows of this workspace are many and large, and are being looked at. Try again in a moment.", {
    retryAfter: 1,
  });
