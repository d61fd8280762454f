import { type Db, type Tx, transactFrom } from "#db/client.ts";

/** A page of a forecast takes this long at most, in milliseconds. */
const longestMs = "10000";

/**
 * Runs work that reads as the role `sluice_reader`, which sees the rows of one workspace and can write none. Every page of a
 * forecast has a transaction of its own, so a long one holds nothing.
 */
export function asReader<T>(db: Db, workspaceId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const settings = { role: "sluice_reader", statement_timeout: longestMs, "sluice.reader_workspace": workspaceId };
  return transactFrom(db, { mode: "isolation level repeatable read, read only", settings }, work);
}
