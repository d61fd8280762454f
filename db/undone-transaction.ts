import type { DatabaseConnection, Driver, QueryResult } from "kysely";
import { CompiledQuery, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from "kysely";
import type { Db, Tx } from "./client.ts";
import type { Database } from "./tables.ts";

/**
 * Runs `fn` on a database of which nothing stays: it is one transaction that is always rolled back. What `fn` is given can be
 * used like any database. Its transactions are savepoints, and each statement outside of them stands in one of its own, so
 * that a statement that fails leaves the others as they are. It has one connection: whoever asks for it while a
 * transaction is open waits, and gets an error after `withinMs`.
 *
 * @param withinMs after how many milliseconds the server cancels a statement, and a caller no longer waits for the connection
 */
export async function inUndoneTransaction<T>(db: Db, { withinMs }: { withinMs: number }, fn: (undone: Db) => Promise<T>): Promise<T> {
  let result: { value: T } | undefined;
  try {
    await db.transaction().execute(async (tx) => {
      await sql`select set_config('statement_timeout', ${String(withinMs)}, true), set_config('lock_timeout', ${String(withinMs)}, true)`.execute(
        tx,
      );
      const place = new OneConnection(tx, withinMs);
      try {
        result = { value: await fn(nestedDb(place)) };
      } finally {
        await place.end();
      }
      throw new RolledBack();
    });
  } catch (error) {
    if (!(error instanceof RolledBack) || !result) throw error;
  }
  return (result as { value: T }).value;
}

class RolledBack extends Error {}

const nestedDb = (place: OneConnection): Db =>
  new Kysely<Database>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => place,
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });

/** Hands out the connection of a transaction to one caller at a time. */
class OneConnection implements Driver {
  readonly #tx: Tx;
  readonly #withinMs: number;
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;
  #isInTransaction = false;
  #hasEnded = false;

  constructor(tx: Tx, withinMs: number) {
    this.#tx = tx;
    this.#withinMs = withinMs;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#isTaken) await this.#wait();
    if (this.#hasEnded) throw new Error("This transaction has ended: a statement in it was not awaited.");
    this.#isTaken = true;
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#isTaken = false;
  }

  async beginTransaction(): Promise<void> {
    await this.#say("savepoint nested");
    this.#isInTransaction = true;
  }

  async commitTransaction(): Promise<void> {
    this.#isInTransaction = false;
    await this.#say("release savepoint nested");
  }

  async rollbackTransaction(): Promise<void> {
    this.#isInTransaction = false;
    await this.#say("rollback to savepoint nested");
    await this.#say("release savepoint nested");
  }

  async destroy(): Promise<void> {}

  /** Lets the statement in hand finish and refuses all others. */
  async end(): Promise<void> {
    if (this.#isTaken) await this.#wait().catch(() => {});
    this.#hasEnded = true;
    for (const next of this.#waiting.splice(0)) next();
  }

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        reject(new Error("A statement waits for a connection that an open transaction holds."));
      }, this.#withinMs);
      this.#waiting.push(turn);
    });
  }

  #say = (statement: string) => this.#tx.executeQuery(CompiledQuery.raw(statement));

  readonly #connection: DatabaseConnection = {
    executeQuery: async <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
      if (this.#isInTransaction) return this.#tx.executeQuery<R>(query as CompiledQuery<R>);
      await this.#say("savepoint statement");
      try {
        return await this.#tx.executeQuery<R>(query as CompiledQuery<R>);
      } catch (error) {
        await this.#say("rollback to savepoint statement");
        throw error;
      } finally {
        await this.#say("release savepoint statement");
      }
    },
    streamQuery: () => {
      throw new Error("A transaction that is rolled back does not stream.");
    },
  };
}
