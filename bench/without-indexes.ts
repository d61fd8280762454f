import { sql } from "kysely";
import type { Db } from "#db/client.ts";

/**
 * Fills tables with millions of rows: indexes that back no constraint are made afterwards, in one sort each, and foreign
 * keys and triggers are not asked about rows that are right by construction.
 */
export async function withoutIndexes(db: Db, tables: readonly string[], fill: (db: Db) => Promise<void>): Promise<void> {
  await db.connection().execute(async (connection) => {
    const { rows } = await sql<{ name: string; definition: string }>`
      select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
      where i.indrelid = any(${tables}::text[]::regclass[])
        and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`.execute(connection);
    for (const { name } of rows) await sql.raw(`drop index ${name}`).execute(connection);
    await sql`set session_replication_role = replica`.execute(connection);
    await fill(connection);
    await sql`set session_replication_role = origin`.execute(connection);
    for (const { definition } of rows) await sql.raw(definition).execute(connection);
    for (const table of tables) await sql`vacuum (analyze) ${sql.table(table)}`.execute(connection);
  });
}
