import type { Client } from "pg";
import type { MigrationFile } from "./files.ts";

/**
 * Two tables. The first is the Supabase CLI's own, in its own form, so that our start and `supabase db push` are
 * interchangeable and neither applies the other's work again. The second is ours: what each file looked like, and whether
 * code that does not know it must stay away. A row of the time before that was asked counts as yes.
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
    alter table private.migration_checksums add column if not exists ends_earlier_code boolean not null default true;
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
    `insert into private.migration_checksums (version, checksum, ends_earlier_code) values ($1, $2, $3)
     on conflict (version) do update set checksum = excluded.checksum, ends_earlier_code = excluded.ends_earlier_code, recorded_at = now()`,
    [file.version, file.checksum, file.endsEarlierCode],
  );
}
