import type { Logger } from "pino";
import type { Db } from "#db/client.ts";
import { deleteExpiredRows } from "#db/queries/expired-rows.ts";

const every = 60 * 60 * 1000;

/**
 * Removes expired rows now and then every hour. Several processes may do so at once, because deleting twice is
 * harmless.
 */
export function startCleanUp({ ownerDb, log }: { ownerDb: Db; log: Logger }): { stop(): void } {
  const clean = () =>
    void deleteExpiredRows(ownerDb).catch((error: unknown) => log.warn({ err: error }, "Expired rows were not removed this time"));
  clean();
  const timer = setInterval(clean, every);
  // The timer does not keep a process alive that has nothing else to do.
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
