import type { Logger } from "pino";
import type { Db } from "#db/client.ts";
import { deleteExpiredRows } from "#db/queries/expired-rows.ts";
import { lookForOrphansDaily } from "#db/queries/orphans.ts";
import type { Engine } from "#engine/engine.ts";

const every = 60 * 60 * 1000;

/**
 * Removes expired rows and erases the contacts that have been in the bin for their 30 days, now and then every hour. What is
 * to be done stands in the rows, so nothing is lost when a process dies. Several processes may do so at once, because
 * deleting twice is harmless. Once a day one of them checks that no row of a send has lost its parent.
 */
export function startCleanUp({ ownerDb, engine, log }: { ownerDb: Db; engine: Engine; log: Logger }): { stop(): void } {
  const clean = () => {
    void deleteExpiredRows(ownerDb).catch((error: unknown) => log.warn({ err: error }, "Expired rows were not removed this time"));
    void lookForOrphansDaily(ownerDb).catch((error: unknown) =>
      log.warn({ err: error }, "Rows were not checked for their parents this time"),
    );
    void engine
      .eraseDueContacts()
      .catch((error: unknown) => log.warn({ err: error }, "Contacts whose time in the bin is over were not erased this time"));
  };
  clean();
  const timer = setInterval(clean, every);
  // The timer does not keep a process alive that has nothing else to do.
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
