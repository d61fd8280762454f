import { AsyncLocalStorage } from "node:async_hooks";
import { DummyDriver, Kysely, PostgresDialect, sql, Transaction } from "kysely";
import pg from "pg";
import { cancelStatement } from "./cancel-statement.ts";
import { columnTypes } from "./client-types.ts";
import { createPool } from "./pool.ts";
import { giveUpSilence } from "./silent-connection.ts";
import type { Database } from "./tables.ts";

/** The database or a transaction on it: what every query function takes as its first parameter. */
export type Db = Kysely<Database>;

/** A transaction, for functions whose statements must stand or fall together. */
export type Tx = Transaction<Database>;

export interface DbOptions {
  /** The name in pg_stat_activity, by which an operator tells the sessions of the API from those of the worker. */
  applicationName?: string;
  maxConnections?: number;
  /** Milliseconds after which the server cancels a statement; 0 or absent means no limit. */
  statementTimeout?: number;
  /** Milliseconds after which the server gives up a statement that waits for a lock; absent means no limit. */
  lockTimeout?: number;
  /** Milliseconds after which a caller who cannot get a connection gets an error (503). Default 5,000. */
  connectWithinMs?: number;
  /**
   * Milliseconds after which a connection is given up when the server does not answer a statement. It must be more than
   * the longest statement takes. Absent means no limit.
   */
  silentForMs?: number;
  /** Called when a connection is lost while no statement of ours is waiting for it. */
  onConnectionLost?: (error: Error) => void;
  /** Called once with a way to count the connections, for metrics. */
  onPool?: (counts: () => PoolCounts) => void;
}

export interface PoolCounts {
  total: number;
  idle: number;
  /** Callers that wait for a connection. */
  waiting: number;
}

export function createDb(url: string, options: DbOptions = {}): Db {
  const pool = createPool(
    {
      connectionString: url,
      application_name: options.applicationName ?? "sluice",
      max: options.maxConnections ?? 10,
      statement_timeout: options.statementTimeout || undefined,
      lock_timeout: options.lockTimeout || undefined,
      connectionTimeoutMillis: options.connectWithinMs ?? 5_000,
      idleTimeoutMillis: 30_000,
      types: columnTypes,
    },
    options.onConnectionLost ?? (() => {}),
  );
  if (options.silentForMs !== undefined) giveUpSilence(pool, options.silentForMs);

  options.onPool?.(() => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }));
  const connect = async () => {
    const client = await pool.connect();
    const reservation = reservations.getStore();
    if (reservation) reservation.client = client;
    return client;
  };
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool: { connect, end: () => pool.end(), options: pool.options } }) });
}

/** The connection that a transaction runs on. Kysely does not give it away, and a statement is ended by its connection. */
const reservations = new AsyncLocalStorage<{ client?: pg.PoolClient }>();

/** The caller went away before its transaction began. Nobody reads the answer. */
export class CallerGone extends Error {
  override name = "CallerGone";
}

/** The person for whom a transaction runs. `write` picks the role that the write policies are granted to. */
export interface MemberAccess {
  userId: string;
  write: boolean;
  /** Ends the statement that runs, and with it the transaction: its caller has gone away. */
  signal?: AbortSignal;
  /** Its statements may read all of a workspace. Each of them takes one core, and not that of others as well. */
  isHeavy?: boolean;
}

/**
 * Runs `fn` in one transaction that sees and may change exactly what this person may. The policies decide that, not the
 * queries. It works with the login `sluice_api` and, where only an owner's URL was given, with the owner's.
 *
 * Kysely's transaction() would send `begin` and then the settings. Here both are one message, which saves every API
 * request a round trip: 20 ms on a database that is 20 ms away.
 */
export function asMember<T>(db: Db, access: MemberAccess, fn: (tx: Tx) => Promise<T>): Promise<T> {
  return transactFrom(db, { settings: settingsOf(access), signal: access.signal }, fn);
}

/** How a transaction begins. It is one message to the server. */
export interface Opening {
  /** The mode that stands behind `begin`, such as "read only". */
  mode?: string;
  /** They end with the transaction, so nothing of them is left on the pooled connection. */
  settings: Readonly<Record<string, string>>;
  /** Ends the statement that runs, and with it the transaction. */
  signal?: AbortSignal | undefined;
}

/** Runs `fn` in one transaction whose settings travel with its beginning, so that they cost no round trip. */
export function transactFrom<T>(db: Db, opening: Opening, fn: (tx: Tx) => Promise<T>): Promise<T> {
  return reservations.run({}, () => transactOpened(db, opening, fn));
}

function transactOpened<T>(db: Db, { signal, ...opening }: Opening, fn: (tx: Tx) => Promise<T>): Promise<T> {
  return db.connection().execute(async (connection) => {
    let ended = false;
    let cancelling: Promise<void> | undefined;
    const client = reservations.getStore()?.client;
    const cancel = () => {
      if (!ended && client) cancelling = cancelStatement(client);
    };
    if (signal?.aborted) throw new CallerGone();
    signal?.addEventListener("abort", cancel, { once: true });
    const guarded = connection.withPlugin({
      // A statement that was not awaited would otherwise run on a connection that already serves another member.
      transformQuery({ node }) {
        if (ended) throw new Error("This transaction has ended: a statement in it was not awaited.");
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    try {
      await sql.raw(begin(opening)).execute(connection);
      const result = await fn(toTransaction(guarded));
      ended = true;
      // The request must not reach the statement of whoever has this connection next.
      await cancelling;
      await sql`commit`.execute(connection);
      return result;
    } catch (error) {
      ended = true;
      await cancelling;
      // A rollback fails only on a dead connection, which the pool drops by itself. The first error is the one to report.
      await sql`rollback`.execute(connection).catch(() => {});
      throw error;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  });
}

function settingsOf({ userId, write, isHeavy }: MemberAccess): Opening["settings"] {
  return {
    role: write ? "sluice_member" : "authenticated",
    "request.jwt.claims": JSON.stringify({ sub: userId, role: "authenticated" }),
    ...(isHeavy && { max_parallel_workers_per_gather: "0" }),
  };
}

/** If a setting is refused, the transaction is open and aborted, so no later statement can run with the login's own rights. */
function begin({ mode = "", settings }: Opening): string {
  const all = Object.entries(settings).map(([name, value]) => `set_config('${name}', ${pg.escapeLiteral(value)}, true)`);
  return `begin ${mode}; select ${all.join(", ")}`;
}

/** Makes a transaction of the reserved connection: it can neither be nested nor destroyed. */
function toTransaction(connection: Db): Tx {
  return new Transaction<Database>({
    config: { dialect: transactionDialect },
    dialect: transactionDialect,
    driver: new DummyDriver(),
    executor: connection.getExecutor(),
  });
}

// Kysely uses a transaction's dialect only for introspection. The statements go through the executor above.
const transactionDialect = new PostgresDialect({
  pool: () => Promise.reject(new Error("A member's transaction has no pool of its own.")),
});
