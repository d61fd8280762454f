import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { chmod, rename, rm } from "node:fs/promises";
import { createGzip } from "node:zlib";
import pg from "pg";
import { type BackupHeader, leftOut, listColumns, listTables } from "./tables.ts";

const rowsAtATime = 1_000;

/**
 * Writes everything that cannot be made again into one file: JSON lines, gzipped, as of one moment, while everybody goes on
 * working. In plain SQL, because neither Postgres package brings pg_dump. Jobs are not in it: rows say what there is to do.
 */
export async function backUp(ownerUrl: string, file: string): Promise<{ tables: number; rows: number }> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: "sluice backup" });
  client.on("error", () => {});
  await client.connect();
  // Under its name only when it is whole.
  const unfinished = `${file}.unfinished`;
  // A file that a backup left behind keeps its mode and its owner when it is written again, so it is made anew.
  await rm(unfinished, { force: true });
  const gzip = createGzip();
  const written = gzip.pipe(createWriteStream(unfinished, { mode: 0o600, flags: "wx" }));
  const failed = once(written, "error").then(([error]) => Promise.reject(error));
  failed.catch(() => {});
  const write = async (line: string) => {
    if (!gzip.write(`${line}\n`)) await Promise.race([once(gzip, "drain"), failed]);
  };
  try {
    await client.query("begin isolation level repeatable read read only");
    const { rows: applied } = await client.query<{ version: string }>(
      "select version from supabase_migrations.schema_migrations order by version",
    );
    const tables = (await listTables(client)).filter((table) => !leftOut.has(table));
    const header: BackupHeader = { format: 1, at: new Date().toISOString(), versions: applied.map(({ version }) => version), tables };
    await write(JSON.stringify(header));
    let rows = 0;
    for (const table of tables) {
      await write(JSON.stringify({ table }));
      const columns = (await listColumns(client, table)).map((name) => client.escapeIdentifier(name)).join(", ");
      await client.query(
        `declare reading no scroll cursor for select row_to_json(t)::text as row from (select ${columns} from ${table}) t`,
      );
      for (;;) {
        const page = await client.query<{ row: string }>(`fetch ${rowsAtATime} from reading`);
        for (const { row } of page.rows) await write(row);
        rows += page.rows.length;
        if (page.rows.length < rowsAtATime) break;
      }
      await client.query("close reading");
    }
    await write(JSON.stringify({ end: rows }));
    gzip.end();
    await Promise.race([once(written, "finish"), failed]);
    // A umask takes rights away and adds none. A file system may add them.
    await chmod(unfinished, 0o600);
    await rename(unfinished, file);
    return { tables: tables.length, rows };
  } finally {
    await client.end().catch(() => {});
  }
}
