import { sql } from "kysely";
import type { Db } from "#db/client.ts";

const tables = ["flow_executions", "flow_execution_steps", "messages"];

export interface Volume {
  /** All write-ahead log since the mark, also of other writers. */
  walBytes: number;
  /** Heap and indexes, by table. */
  tables: Record<string, { bytes: number; indexBytes: number; rows: number }>;
}

/** Marks a place in the write-ahead log; what it returns tells how much was written since, and how large the tables are. */
export async function markVolume(db: Db): Promise<() => Promise<Volume>> {
  const { rows } = await sql<{ lsn: string }>`select pg_current_wal_insert_lsn()::text as lsn`.execute(db);
  const before = rows[0]?.lsn ?? "0/0";
  return async () => {
    const wal = await sql<{
      bytes: number;
    }>`select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), ${before}::pg_lsn)::float8 as bytes`.execute(db);
    const sizes: Volume["tables"] = {};
    for (const table of tables) {
      const size = await sql<{ bytes: number; indexBytes: number; rows: number }>`
        select pg_table_size(${table}::regclass)::float8 as bytes, pg_indexes_size(${table}::regclass)::float8 as "indexBytes",
          (select count(*) from ${sql.table(table)})::float8 as rows`.execute(db);
      if (size.rows[0]) sizes[table] = size.rows[0];
    }
    return { walBytes: wal.rows[0]?.bytes ?? 0, tables: sizes };
  };
}
