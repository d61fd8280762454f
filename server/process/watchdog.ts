import { Worker } from "node:worker_threads";
import type { HoldWatch } from "#engine/base/hold-watch.ts";
import { watchHolds } from "#engine/base/hold-watch.ts";
import { idBytes, place, type WatchdogData, watchdogBytes } from "./watchdog-memory.ts";

/**
 * It is shorter than the three seconds after which other workers count this one as dead, so they find the execution named
 * before they take over its work.
 */
const holdLimitMs = 2_500;
const beatEveryMs = 250;

/**
 * Watches the event loop of this process from a thread of its own:
 *
 *   turning ──no turn for 2.5 s, and the process computes──▶ held ──execution named in the database──▶ killed
 *
 * A held process cannot stop itself in order, so it is killed, and what it had in hand is taken over as after any crash.
 * The next worker ends the execution that was named (engine/schedule/held-executions.ts).
 */
export function startWatchdog(options: { databaseUrl: string; limitMs?: number }): { stop(): Promise<void> } {
  const shared = new SharedArrayBuffer(watchdogBytes);
  const numbers = new Int32Array(shared, 0, place.id);
  const text = Buffer.from(shared, place.id * 4, idBytes);
  const watch: HoldWatch = {
    begin(executionId) {
      text.write(executionId, "latin1");
      Atomics.store(numbers, place.length, Math.min(executionId.length, idBytes));
    },
    end: () => void Atomics.store(numbers, place.length, 0),
  };
  const workerData: WatchdogData = { shared, databaseUrl: options.databaseUrl, limitMs: options.limitMs ?? holdLimitMs };
  const thread = new Worker(new URL("./watchdog-thread.ts", import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: 64 },
  });
  thread.unref();
  const beating = setInterval(() => Atomics.add(numbers, place.beat, 1), beatEveryMs);
  beating.unref();
  watchHolds(watch);
  return {
    async stop() {
      watchHolds(undefined);
      clearInterval(beating);
      await thread.terminate();
    },
  };
}
