import type pg from "pg";
import type { Logger } from "pino";
import { createDb, type Db, type PoolCounts } from "#db/client.ts";
import { createPool } from "#db/pool.ts";
import type { Metrics } from "../ops/metrics.ts";

/** Enrolling ten thousand contacts is the engine's longest statement. It takes a second, or a few on a busy machine. */
const engineSilentForMs = 30_000;
/** The server ends a statement before we give up its connection, so that it does not go on for nobody. */
const engineStatementMs = 25_000;
/** Requests use the owner's login for small statements, and for those of a command of the engine. */
const requestStatementMs = 25_000;
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

/** The limits of the engine's connections, in the worker as in a run: none waits for a database that has broken off. */
export const engineLimits = { statementTimeout: engineStatementMs, silentForMs: engineSilentForMs };

/** The owner's login, for the engine. */
export const openEngineDb = (url: string, watch: PoolWatch): Db =>
  createDb(url, {
    applicationName: "sluice engine",
    ...engineLimits,
    ...watched("engine", watch),
  });

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
    statementTimeout: requestStatementMs,
    lockTimeout: 3_000,
    silentForMs: engineSilentForMs,
    connectWithinMs,
    ...watched("requests", watch),
  });

/** For counting requests. It never takes a connection from what is counted, and gives up soon. */
export function openRateStore(url: string, { log, metrics }: PoolWatch): pg.Pool {
  const pool = createPool(
    {
      connectionString: url,
      application_name: "sluice rates",
      max: 3,
      statement_timeout: 1_000,
      connectionTimeoutMillis: 500,
      idleTimeoutMillis: 30_000,
    },
    (error) => log.warn({ err: error }, "a database connection was lost"),
  );
  metrics?.pool("rates", () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }));
  return pool;
}

const watched = (name: string, { log, metrics }: PoolWatch) => ({
  onConnectionLost: (error: Error) => log.warn({ err: error }, "a database connection was lost"),
  onPool: (counts: () => PoolCounts) => metrics?.pool(name, counts),
});
