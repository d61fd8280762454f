import pino from "pino";
import { captureProvider } from "#channels/capture/send.ts";
import { createDb } from "#db/client.ts";
import { createRunDriver, type RunDriver } from "#engine/drivers/trigger/run.ts";
import { openTriggerDev } from "#engine/drivers/trigger/sdk.ts";
import { createTriggerDriver } from "#engine/drivers/trigger/trigger.ts";
import { createEngine, type Engine } from "#engine/engine.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import { startTriggerFixture, type TriggerFixture } from "#test/trigger-fixture.ts";
import { performIn } from "#test/trigger-halves.ts";
import type { BenchDatabase } from "./cluster.ts";

/** Trigger.dev's own numbers: the API of every plan, and for items of batches those of a server of one's own, which are the smallest. */
export const limits = { requests: { size: 1_500, perSecond: 25 }, batchItems: { size: 1_200, perSecond: 10 }, environmentLimit: 50 };

/** Both halves of the product, with the fixture between them. */
export async function startBoth(
  { db, url }: Pick<BenchDatabase, "db" | "url">,
  batchItems: { size: number; perSecond: number },
): Promise<{ engine: Engine; fixture: TriggerFixture; lastTakenAt(): number; stop(): Promise<void> }> {
  const log = pino({ level: "error" });
  const providers = { sms: captureProvider("sms"), email: captureProvider("email") };
  let runs: RunDriver | undefined;
  const fixture = await startTriggerFixture({ ...limits, batchItems, execute: performIn(() => runs) });
  const service = await openTriggerDev({ apiUrl: fixture.url, secretKey: fixture.secretKey });
  let lastTaken = 0;
  const noted =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A) => {
      const answer = await call(...args);
      lastTaken = performance.now();
      return answer;
    };
  const driver = createTriggerDriver({
    db,
    log,
    service: { ...service, trigger: noted(service.trigger), triggerBatch: noted(service.triggerBatch) },
  });
  // A run has a process and a few connections of its own.
  const runDb = createDb(url, { applicationName: "sluice bench runs", maxConnections: limits.environmentLimit });
  const engineOf = (of: typeof driver, on: typeof db) =>
    createEngine({ db: on, nodes: nodeRegistry, providerFor: async (_, channel) => providers[channel], driver: of, log });
  const inRuns = createRunDriver({ db: runDb, log });
  const runEngine = engineOf(inRuns, runDb);
  await runEngine.start();
  runs = inRuns;
  const engine = engineOf(driver, db);
  await engine.start();
  return {
    engine,
    fixture,
    lastTakenAt: () => lastTaken,
    async stop() {
      await engine.stop();
      await fixture.close();
      await runEngine.stop();
      await runDb.destroy();
    },
  };
}
