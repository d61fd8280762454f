import pg from "pg";

/** Milliseconds for the first statement of a connection, before which nothing else watches over it. */
const firstAnswerMs = 5_000;

/**
 * Makes the pools of this product. Each connection turns off the compiling of statements (jit), whatever the server's
 * setting: ours take milliseconds and would be compiled anew at every look, which cost a sixth of a core in an idle server.
 *
 * pg emits "error" on the pool when an idle connection dies, and on the client itself when one dies between two statements
 * of a transaction. Without a listener on both, a restart of Postgres would end our process.
 */
export function createPool(config: pg.PoolConfig, onConnectionLost: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    keepAlive: true,
    // An idle connection to a peer that is gone is noticed within half a minute.
    keepAliveInitialDelayMillis: 10_000,
    ...config,
    onConnect: turnOffJit,
  });
  pool.on("error", onConnectionLost);
  pool.on("connect", (client) => client.on("error", onConnectionLost));
  return pool;
}

/**
 * It is a statement and no option of the connection, because poolers refuse options that they do not know. Behind a pooler
 * in transaction mode it stays with the session that it reached, and so the sessions that we use come to have it.
 */
export async function turnOffJit(client: pg.ClientBase): Promise<void> {
  try {
    const statement: pg.QueryConfig & { query_timeout: number } = { text: "set jit = off", query_timeout: firstAnswerMs };
    await client.query(statement);
  } catch (error) {
    // A database that knows no such setting does not compile statements either.
    if (!(error instanceof pg.DatabaseError) || error.code !== "42704") throw error;
  }
}
