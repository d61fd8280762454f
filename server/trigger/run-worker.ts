import pino from "pino";
import { createDb } from "#db/client.ts";
import type { HandOver } from "#engine/drivers/trigger/payload.ts";
import { createRunDriver, type RunDriver } from "#engine/drivers/trigger/run.ts";
import { createEngine } from "#engine/engine.ts";
import { engineLimits } from "../compose/databases.ts";
import { openEngineResources } from "../compose/engine-resources.ts";
import { masterKeys, readEnv } from "../process/env.ts";

/** A run reads, calls providers and writes, mostly one after the other, so three connections are enough. */
const connections = 3;

let opening: Promise<RunDriver> | undefined;

/**
 * Opens the parts of the engine that a run needs. They are opened at the first run of the process and kept, so that the
 * next run of a warm process finds them ready. The web server, the relay and the migrations belong to the server and
 * are not opened here.
 */
async function open(): Promise<RunDriver> {
  const env = readEnv(process.env);
  // The error is thrown and not printed, because the dashboard shows the error of a run.
  if (!env.DATABASE_URL || !env.MASTER_KEY) throw new Error("Set DATABASE_URL and MASTER_KEY in this environment, as the server has them.");
  const log = pino({ level: env.LOG_LEVEL }, pino.destination({ fd: 2, sync: true }));
  const db = createDb(env.DATABASE_URL, {
    applicationName: "sluice run",
    maxConnections: connections,
    ...engineLimits,
    onConnectionLost: (error) => log.warn({ err: error }, "a database connection was lost"),
  });
  const driver = createRunDriver({ db, log });
  const { ALLOW_PRIVATE_HOSTS: allowPrivateHosts, PUBLIC_URL } = env;
  const { resourcesOn } = openEngineResources({ db, driver, log, ...masterKeys(env), env, allowPrivateHosts, publicUrl: () => PUBLIC_URL });
  await createEngine(resourcesOn(db)).start();
  return driver;
}

export async function advanceHandOver(handOver: HandOver, run: { runId: string; attempt: number }): Promise<{ outcome: "done" | "stale" }> {
  // A failed opening is not kept, so that the next attempt opens anew.
  opening ??= open().catch((error) => {
    opening = undefined;
    throw error;
  });
  const driver = await opening;
  return { outcome: await driver.perform(handOver, run) };
}
