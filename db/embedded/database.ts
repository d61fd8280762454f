import pg from "pg";

const database = "sluice";

export function databaseUrl(user: string, password: string, port: number, name = database): string {
  return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`;
}

/** Our own database. `postgres` stays free, so that a restore can connect there while it replaces ours. */
export async function createDatabase(port: number, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl("postgres", password, port, "postgres") });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [database]);
    if (!rowCount) await client.query(`create database ${database}`);
  } finally {
    await client.end();
  }
}

/** The data folder of the server that answers on this port with our password, or the error when none does. */
export async function askDataFolder(port: number, password: string): Promise<{ folder: string } | { error: unknown }> {
  const client = new pg.Client({
    connectionString: databaseUrl("postgres", password, port, "postgres"),
    connectionTimeoutMillis: 2_000,
  });
  client.on("error", () => {}); // The server may go down between connecting and asking; the query reports it.
  try {
    await client.connect();
    const { rows } = await client.query<{ folder: string }>("select current_setting('data_directory') as folder");
    return { folder: rows[0]?.folder ?? "" };
  } catch (error) {
    return { error };
  } finally {
    await client.end().catch(() => {});
  }
}
