import type { Socket } from "node:net";
import type pg from "pg";

/** What pg's types leave out of its client. */
interface Insides {
  /** False while a statement has not been answered to its end. */
  readyForQuery: boolean;
  connection: { stream: Socket };
}

/**
 * Gives up a connection on which somebody waits for an answer and nothing has come for so long. A network that loses a
 * connection without a word (a firewall that forgets it, a machine that is gone) tells nobody: the kernel sends again
 * for a quarter of an hour, and a proxy in between may hold it open for ever. Whoever rests on a connection is left
 * alone, so one that only listens stays open.
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
