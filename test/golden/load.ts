import { readFileSync } from "node:fs";
import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import { goldenTables } from "./tables.ts";

export interface Golden {
  recordedAt: string;
  rows: Record<string, Record<string, unknown>[]>;
}

/**
 * Puts a record into an empty database, as if its version had stopped a minute ago. The recorded rows must still fit
 * the tables.
 */
export async function loadGolden(db: Db, file: string): Promise<Golden> {
  const golden = JSON.parse(readFileSync(file, "utf8")) as Golden;
  for (const table of goldenTables) {
    const rows = golden.rows[table] ?? [];
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    if (columns.length === 0) continue;
    const times = await timesOf(db, table);
    const later = sql`(clock_timestamp() - interval '1 minute' - ${golden.recordedAt}::timestamptz)`;
    const values = columns.map((column) => (times.has(column) ? sql`r.${sql.ref(column)} + ${later}` : sql`r.${sql.ref(column)}`));
    await sql`insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})
      select ${sql.join(values)} from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::jsonb) r`.execute(db);
  }
  // As the migration leaves sends that were made before their messages were counted.
  await sql`update flow_sends set reached = null, unreached = null, completed_unreached = null, captured = null,
    completed_captured = null`.execute(db);
  return golden;
}

async function timesOf(db: Db, table: string): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`select attname as name from pg_attribute
    where attrelid = ${table}::regclass and atttypid = 'timestamptz'::regtype and attnum > 0`.execute(db);
  return new Set(rows.map(({ name }) => name));
}
