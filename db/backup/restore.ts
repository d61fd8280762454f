import { copyFileSync, createReadStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import pg from "pg";
import { readMigrations } from "../migrate/files.ts";
import { migrate } from "../migrate/migrate.ts";
import { BackupHeader, listColumns, listTables } from "./tables.ts";

const migrations = join(import.meta.dirname, "..", "..", "supabase", "migrations");
const rowsAtATime = 1_000;

/** Its message says what is wrong with the file or the database; it is printed as it is. */
export class RestoreFailure extends Error {
  override readonly name = "RestoreFailure";
}

/**
 * Fills an empty database from a backup: first with the schema that the backup was made from, then the rows, all of them or
 * none, then what newer migrations make of it. It is a copy from then on, and sends nothing until an owner says so.
 */
export async function restore(ownerUrl: string, file: string): Promise<{ rows: number }> {
  const lines = createInterface({ input: createReadStream(file).pipe(createGunzip()), crlfDelay: Number.POSITIVE_INFINITY })[
    Symbol.asyncIterator
  ]();
  const header = readHeader((await lines.next()).value, file);
  await migrateTo(ownerUrl, header.versions);
  const client = new pg.Client({ connectionString: ownerUrl, application_name: "sluice restore" });
  client.on("error", () => {});
  await client.connect();
  let rows = 0;
  try {
    await client.query("begin");
    await refuseUsed(client);
    // The triggers stay off, because the rows that they would write are in the backup already.
    await setTriggers(client, header.tables, "disable");
    let insert: ((all: string[]) => Promise<unknown>) | undefined;
    let page: string[] = [];
    const flush = async () => {
      if (page.length > 0) await insert?.(page);
      rows += page.length;
      page = [];
    };
    let isWhole = false;
    for await (const line of { [Symbol.asyncIterator]: () => lines }) {
      const mark = /^\{"(table|end)":("[\w."]+"|\d+)\}$/.exec(line);
      if (!mark) page.push(line);
      if (mark || page.length === rowsAtATime) await flush();
      if (mark?.[1] === "table") insert = await prepareInsert(client, JSON.parse(mark[2] as string), header.tables);
      if (mark?.[1] === "end") isWhole = Number(mark[2]) === rows;
    }
    if (!isWhole) throw new RestoreFailure(`The backup ${file} is cut off: nothing was restored.`);
    await setTriggers(client, header.tables, "enable");
    await client.query(
      "insert into private.instance (place, fenced_at) values (private.data_place(), now()) on conflict (only_row) do update set fenced_at = now()",
    );
    await client.query("commit");
  } finally {
    await client.end().catch(() => {});
  }
  await migrate(ownerUrl);
  return { rows };
}

function readHeader(line: string | undefined, file: string): BackupHeader {
  try {
    return BackupHeader.parse(JSON.parse(line ?? ""));
  } catch (cause) {
    throw new RestoreFailure(`The file ${file} is no backup of Sluice.`, { cause });
  }
}

/** The schema as it was when the backup was made. */
async function migrateTo(ownerUrl: string, versions: readonly string[]): Promise<void> {
  const known = readMigrations(migrations).filter(({ version }) => versions.includes(version));
  if (known.length < versions.length) throw new RestoreFailure("This backup was made by a newer Sluice: restore it with that version.");
  const folder = mkdtempSync(join(tmpdir(), "sluice-restore-"));
  try {
    for (const { fileName } of known) copyFileSync(join(migrations, fileName), join(folder, fileName));
    await migrate(ownerUrl, () => {}, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function refuseUsed(client: pg.Client): Promise<void> {
  const { rows } = await client.query("select 1 from public.workspaces limit 1");
  if (rows.length > 0) throw new RestoreFailure("This database already has workspaces: restore into an empty one.");
  // A start that came before has left its claim link here; the backup brings its own state.
  await client.query("delete from private.claim");
}

async function setTriggers(client: pg.Client, tables: readonly string[], state: "enable" | "disable"): Promise<void> {
  const known = await listTables(client);
  for (const table of known.filter((name) => tables.includes(name))) await client.query(`alter table ${table} ${state} trigger user`);
}

async function prepareInsert(client: pg.Client, table: string, known: readonly string[]): Promise<(rows: string[]) => Promise<unknown>> {
  if (!known.includes(table)) throw new RestoreFailure(`The backup names a table that its first line does not: ${table}.`);
  // A migration may have filled it, with a key that is made anew in each installation: the one of the backup counts.
  await client.query(`delete from ${table}`);
  const columns = (await listColumns(client, table)).map((name) => client.escapeIdentifier(name)).join(", ");
  const statement = `insert into ${table} (${columns}) overriding system value select ${columns} from json_populate_recordset(null::${table}, $1::json)`;
  return (rows) => client.query(statement, [`[${rows.join(",")}]`]);
}
