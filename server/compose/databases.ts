import type { Logger } from "pino";
import { createDb, type Db, type PoolCounts } from "#db/client.ts";
import type { Metrics } from "../ops/metrics.ts";

/** Enrolling ten thousand contacts is the engine's longest statement. It takes a second, or a few on a busy machine. */
const engineSilentForMs = 30_000;
/** No statement of the API runs for longer than five seconds. */
const apiSilentForMs = 10_000;
/**
 * A request takes up to three connections one after the other: to identify the caller, to read the caller's rows, and
 * for the engine. The three waits together stay below the five seconds within which every request is answered.
 */
const connectWithinMs = 1_500;

export interface PoolWatch {
  log: Logger;
  metrics: Metrics | undefined;
}

/** The owner's login, for the engine. */
export const openEngineDb = (url: string, watch: PoolWatch): Db =>
  createDb(url, { applicationName: "sluice engine", silentForMs: engineSilentForMs, ...watched("engine", watch) });

/** The API's login, for everything that a member reads and writes. */
export const openApiDb = (url: string, watch: PoolWatch): Db =>
  createDb(url, {
    applicationName: "sluice api",
    statementTimeout: 5_000,
    silentForMs: apiSilentForMs,
    connectWithinMs,
    ...watched("api", watch),
  });

/** The owner's login, for requests. They have a pool of their own, so that a busy worker never delays a request. */
export const openRequestDb = (url: string, watch: PoolWatch): Db =>
  createDb(url, {
    applicationName: "sluice requests",
    lockTimeout: 3_000,
    silentForMs: engineSilentForMs,
    connectWithinMs,
    ...watched("requests", watch),
  });

const watched = (name: string, { log, metrics }: PoolWatch) => ({
  onConnectionLost: (error: Error) => log.warn({ err: error }, "a database connection was lost"),
  onPool: (counts: () => PoolCounts) => metrics?.pool(name, counts),
});
