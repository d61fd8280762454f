import { sql } from "kysely";
import type { Db, Tx } from "#db/client.ts";

/** A page of a forecast takes this long at most. */
const longestMs = 10_000;

/**
 * Runs work that reads as the role `sluice_reader`, which sees the rows of one workspace and can write none. Every page of a
 * forecast has a transaction of its own, so a long one holds nothing.
 */
export function asReader<T>(db: Db, workspaceId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await sql
      .raw(`set transaction isolation level repeatable read, read only; set local role sluice_reader;
      set local statement_timeout = ${longestMs}`)
      .execute(tx);
    await sql`select set_config('sluice.reader_workspace', ${workspaceId}, true)`.execute(tx);
    return work(tx);
  });
}
