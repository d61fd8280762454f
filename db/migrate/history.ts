import type { Client } from "pg";
import type { MigrationFile } from "./files.ts";

/**
 * Two tables. The first is the Supabase CLI's own, in its own form, so that our start and `supabase db push` are
 * interchangeable and neither applies the other's work again. The second is ours: what each file looked like.
 */
export async function prepareHistory(client: Client): Promise<void> {
  await client.query(`
    set local client_min_messages = warning;
    create schema if not exists supabase_migrations;
    create table if not exists supabase_migrations.schema_migrations (
      version text not null primary key,
      statements text[],
      name text
    );
    create schema if not exists private;
    create table if not exists private.migration_checksums (
      version text primary key,
      checksum text not null,
      recorded_at timestamptz not null default now()
    );
    alter table private.migration_checksums enable row level security;
  `);
}

export async function readHistory(client: Client, version: string): Promise<{ applied: boolean; checksum: string | null }> {
  const { rows } = await client.query<{ checksum: string | null }>(
    `select c.checksum
     from supabase_migrations.schema_migrations m
     left join private.migration_checksums c using (version)
     where version = $1`,
    [version],
  );
  return { applied: rows.length > 0, checksum: rows[0]?.checksum ?? null };
}

export async function recordMigration(client: Client, file: MigrationFile, statements: string[]): Promise<void> {
  await client.query("insert into supabase_migrations.schema_migrations (version, statements, name) values ($1, $2, $3)", [
    file.version,
    statements,
    file.name,
  ]);
  await recordChecksum(client, file);
}

export async function recordChecksum(client: Client, file: MigrationFile): Promise<void> {
  await client.query(
    `insert into private.migration_checksums (version, checksum) values ($1, $2)
     on conflict (version) do update set checksum = excluded.checksum, recorded_at = now()`,
    [file.version, file.checksum],
  );
}
