import type { Logger } from "pino";
import type { Db } from "#db/client.ts";
import { HandOver } from "#engine/drivers/trigger/payload.ts";
import { createRunDriver, type RunDriver } from "#engine/drivers/trigger/run.ts";
import type { RunService } from "#engine/drivers/trigger/service.ts";
import { createTriggerDriver } from "#engine/drivers/trigger/trigger.ts";
import type { EngineDriver } from "#engine/jobs/driver.ts";

export interface HalvesOptions {
  db: Db;
  log: Logger;
  service: RunService;
  reconcileEveryMs?: number;
  overdueSeconds?: number;
  firstLookSeconds?: number;
  beginningSeconds?: number;
}

/**
 * Joins both halves of the Trigger.dev driver: the one of the process that relays, and the one that a run would have.
 * `began` gets the second when it is ready, so that the caller can execute runs with it.
 */
export function joinHalves(options: HalvesOptions, began: (runs: RunDriver) => void): EngineDriver {
  const relay = createTriggerDriver({ ...options, lookEveryMs: 25 });
  const runs = createRunDriver(options);
  return {
    ...relay,
    holder: runs.holder,
    async start(work) {
      await runs.start(work);
      began(runs);
      await relay.start(work);
    },
    async stop() {
      await relay.stop();
      await runs.stop();
    },
  };
}

/** Does what the task's function does, without the task. */
export function performIn(runs: () => RunDriver | undefined) {
  return async (payload: unknown, run: { runId: string; attempt: number }) => {
    const driver = runs();
    if (!driver) throw new Error("Nobody is ready for runs.");
    return driver.perform(HandOver.parse(payload), run);
  };
}
