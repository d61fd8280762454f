import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { Db } from "#db/client.ts";
import { databaseClock } from "../../base/clock.ts";
import type { EngineDriver } from "../../jobs/driver.ts";
import { repeat } from "../repeat.ts";
import { triggerRows } from "./job-rows.ts";
import { createBatchSize, createPace } from "./pace.ts";
import { reconcile } from "./reconcile.ts";
import { createRelay } from "./relay.ts";
import { clearTroubles, holdRelay, leaveRelay, noteTrouble, refutedByCheck } from "./relay-rows.ts";
import { type RunService, TriggerProblem } from "./service.ts";

export interface TriggerDriverOptions {
  db: Db;
  log: Logger;
  service: RunService;
  lookEveryMs?: number;
  reconcileEveryMs?: number;
  overdueSeconds?: number;
  firstLookSeconds?: number;
  beginningSeconds?: number;
}

const checkWorkersEveryMs = 1_000;

/**
 * A driver on Trigger.dev. The database holds the state, and Trigger.dev is a clock and a queue. The worker process
 * relays what is due and renews lost runs; the work itself is done in runs (run.ts). While Trigger.dev is away,
 * everything waits in rows, and no other driver takes over.
 */
export function createTriggerDriver(options: TriggerDriverOptions): EngineDriver {
  const { db, log, service, lookEveryMs = 250, reconcileEveryMs = 15_000 } = options;
  const { firstLookSeconds = 30, overdueSeconds = 120, beginningSeconds = 15 } = options;
  const holder = randomUUID();
  const context = { db, log, clock: databaseClock, service, pace: createPace(), batchSize: createBatchSize(), holder };
  const relay = createRelay(context);
  let loops: { stop(): Promise<void> }[] | undefined;

  return {
    ...triggerRows,
    isRunning: () => loops !== undefined,
    holder: () => holder,
    async start(work) {
      await checkAtStart({ db, log, service });
      loops = [
        repeat("relay", lookEveryMs, () => relay.look(), log),
        repeat(
          "reconcile",
          reconcileEveryMs,
          async () =>
            void ((await holdRelay(db, holder)) && (await reconcile(context, { firstLookSeconds, overdueSeconds, beginningSeconds }))),
          log,
        ),
        repeat("check workers", checkWorkersEveryMs, () => work.checkWorkers(), log),
      ];
    },
    async stop() {
      const stopping = loops ?? [];
      loops = undefined;
      for (const loop of stopping) await loop.stop();
      if (stopping.length > 0) await leaveRelay(db, holder);
    },
  };
}

/** Refuses to start with a wrong key, because it stays wrong. A server that is away is waited for, with an alert. */
async function checkAtStart({ db, log, service }: Pick<TriggerDriverOptions, "db" | "log" | "service">): Promise<void> {
  try {
    await service.check();
    await clearTroubles(db, refutedByCheck);
  } catch (error) {
    if (!(error instanceof TriggerProblem) || error.code === "refused_key") throw error;
    if (error.code === "rate_limited") return;
    log.error({ code: error.code }, error.message);
    await noteTrouble(db, error.code, error.message);
  }
}
