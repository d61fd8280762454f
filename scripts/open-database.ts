import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pg from "pg";
import { databaseUrl } from "#db/embedded/database.ts";
import { startEmbeddedPostgres } from "#db/embedded/embedded.ts";
import { readOrCreateSecrets } from "#db/embedded/secrets.ts";

/**
 * Reads what a command is about, and opens its database: the one of DATABASE_URL, or the one of a data folder,
 * whether it runs or not. `usage` is told where nothing was named.
 */
export async function openDatabase(usage: string): Promise<{ given: string; url: string; close(): Promise<void> }> {
  const { values, positionals } = parseArgs({ options: { data: { type: "string" } }, allowPositionals: true });
  const [given] = positionals;
  if (!given) {
    console.error(usage);
    process.exit(2);
  }
  return { given, ...(await openInstance(values.data)) };
}

/** The database of an instance: that of DATABASE_URL, or the one of a data folder, whether it runs or not. */
export async function openInstance(folder: string | undefined): Promise<{ url: string; close(): Promise<void> }> {
  if (process.env.DATABASE_URL) return { url: process.env.DATABASE_URL, close: async () => {} };
  const dataDir = folder ?? join(import.meta.dirname, "..", ".data");
  const running = await findRunning(dataDir);
  if (running) return { url: running, close: async () => {} };
  const postgres = await startEmbeddedPostgres({ dataDir });
  return { url: postgres.ownerUrl, close: postgres.stop };
}

/**
 * Finds the Postgres of a Sluice that is running. It must not be taken over here, because it would be stopped at the
 * end.
 */
async function findRunning(dataDir: string): Promise<string | undefined> {
  try {
    const port = Number(readFileSync(join(dataDir, "postgres.port"), "utf8"));
    const url = databaseUrl("postgres", readOrCreateSecrets(dataDir).postgresPassword, port);
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    await client.connect();
    await client.end();
    return url;
  } catch {
    return undefined; // None was ever started here, or it is stopped.
  }
}
