import type { Socket } from "node:net";
import type pg from "pg";

/** Parts of pg's client that its types leave out. */
interface Insides {
  /** False while a statement has not been answered to its end. */
  readyForQuery: boolean;
  connection: { stream: Socket };
}

/**
 * Closes a connection on which a statement waits and no byte has come for `afterMs` milliseconds. A network may lose a
 * connection without a word, when a firewall forgets it or a machine is gone. The kernel then sends again for a quarter
 * of an hour, and a proxy in between may hold the connection open for ever. An idle connection is left alone, so one that
 * only listens stays open.
 */
export function giveUpSilence(pool: pg.Pool, afterMs: number): void {
  pool.on("connect", (client) => {
    const insides = client as unknown as Insides;
    const { stream } = insides.connection;
    // Each statement that is sent and each piece of an answer begins the time anew.
    stream.setTimeout(afterMs, () => {
      if (!insides.readyForQuery) stream.destroy(silence(afterMs));
    });
  });
}

/** It carries the code of a socket that timed out, because that is what it is. */
const silence = (afterMs: number) =>
  Object.assign(new Error(`The database has not answered for ${afterMs / 1000} s.`), { code: "ETIMEDOUT" });
