import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { isDeadlock, isLockTimeout } from "../errors.ts";
import { MigrationFailure } from "./failure.ts";
import type { MigrationFile } from "./files.ts";
import { readMigrations } from "./files.ts";
import { prepareHistory, readHistory, recordChecksum, recordMigration } from "./history.ts";
import { splitStatements } from "./statements.ts";

const folderOfTheProduct = join(import.meta.dirname, "..", "..", "supabase", "migrations");

/** Any fixed number; all our processes must agree on it. */
const migrationLock = 7_365_198_004_417;

// A table lock that is not granted in 5 s queues everybody else behind it: better to step back and try again.
const lockTimeout = "5s";
const attempts = 24;

/**
 * Brings a database to the schema of this version. Each file is one transaction that first takes the lock and then
 * looks again whether the file is still missing: of two processes that start at once, one applies it, the other waits
 * and goes on. The lock belongs to the transaction, because a session's lock leaks onto a pooled connection.
 */
export async function migrate(
  ownerUrl: string,
  log: (message: string) => void = () => {},
  folder = folderOfTheProduct,
): Promise<{ applied: string[] }> {
  const files = readMigrations(folder);
  const client = new pg.Client({ connectionString: ownerUrl, application_name: "sluice migrate" });
  // A connection that dies between two statements is reported by the next one.
  client.on("error", () => {});
  await connect(client);
  try {
    await inLockedTransaction(client, log, async () => {
      await applyShim(client);
      await prepareHistory(client);
      await refuseNewerDatabase(client, files, log);
    });
    const applied: string[] = [];
    for (const file of files) {
      const isNew = await inLockedTransaction(client, log, () => applyFile(client, file, log));
      if (isNew) applied.push(file.fileName);
    }
    return { applied };
  } finally {
    await client.end().catch(() => {});
  }
}

/** Lets `sluice_api` log in. Its role is made by the first migration, its password belongs to this instance. */
export async function setApiPassword(ownerUrl: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: "sluice migrate" });
  client.on("error", () => {});
  await connect(client);
  try {
    await client.query(`alter role sluice_api password ${client.escapeLiteral(password)}`);
  } finally {
    await client.end().catch(() => {});
  }
}

async function connect(client: pg.Client): Promise<void> {
  try {
    await client.connect();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : String(cause);
    throw new MigrationFailure(
      "database_unreachable",
      `The database at ${client.host}:${client.port} cannot be reached (${reason}): check DATABASE_URL.`,
      { cause },
    );
  }
}

async function applyShim(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ missing: boolean }>("select to_regprocedure('auth.uid()') is null as missing");
  if (rows[0]?.missing) await client.query(readFileSync(join(import.meta.dirname, "..", "shim.sql"), "utf8"));
}

async function applyFile(client: pg.Client, file: MigrationFile, log: (message: string) => void): Promise<boolean> {
  const history = await readHistory(client, file.version);
  if (history.applied) {
    if (history.checksum && history.checksum !== file.checksum) {
      throw new MigrationFailure(
        "edited_migration",
        `The migration ${file.fileName} was edited after it had been applied: restore the file and put the change into a new one ("npm run db:new <name>").`,
      );
    }
    // Applied by the Supabase CLI, which keeps no checksum: from now on we do.
    if (!history.checksum) await recordChecksum(client, file);
    return false;
  }
  log(`Applying ${file.fileName} ...`);
  const statements = splitStatements(file.sql);
  for (const [index, statement] of statements.entries()) {
    try {
      await client.query(statement);
    } catch (cause) {
      if (isLockTrouble(cause)) throw cause;
      const [firstLine = ""] = statement
        .replace(/^(\s*--.*\n)+/, "")
        .trimStart()
        .split("\n");
      throw new MigrationFailure(
        "migration_failed",
        `The migration ${file.fileName} failed in statement ${index + 1} (${firstLine.slice(0, 100)}): ${(cause as Error).message}. Nothing of this file was applied.`,
        { cause },
      );
    }
  }
  await recordMigration(client, file, statements);
  return true;
}

/**
 * Migrations that this program does not know were applied by a newer one. It goes on where they only add; after one that takes
 * something away it would read and write what is not there any more.
 */
async function refuseNewerDatabase(client: pg.Client, files: MigrationFile[], log: (message: string) => void): Promise<void> {
  const { rows } = await client.query<{ version: string; ends: boolean }>(
    `select version, ends_earlier_code as ends from private.migration_checksums where version <> all($1::text[])
     order by ends_earlier_code desc, version desc`,
    [files.map((file) => file.version)],
  );
  const [first] = rows;
  if (first?.ends) {
    throw new MigrationFailure(
      "newer_database",
      `This database was migrated by a newer Sluice (it has ${first.version}, which this one does not know and cannot go on with): start the newer version.`,
    );
  }
  if (first) log(`This database was migrated by a newer Sluice, up to ${first.version}. This version can go on with it.`);
}

async function inLockedTransaction<T>(client: pg.Client, log: (message: string) => void, fn: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(`begin; set local lock_timeout = '${lockTimeout}'; select pg_advisory_xact_lock(${migrationLock})`);
      const result = await fn();
      await client.query("commit");
      return result;
    } catch (error) {
      await client.query("rollback").catch(() => {});
      if (!isLockTrouble(error)) throw error;
      if (attempt === attempts) {
        throw new MigrationFailure(
          "database_busy",
          "The database could not be migrated because another session kept a lock for two minutes: stop that session, then start again.",
          { cause: error },
        );
      }
      if (attempt === 1) log("Waiting for a lock in the database, held by another session ...");
      await sleep(100 + Math.random() * 400);
    }
  }
}

/** The transaction may succeed when it is run again. */
const isLockTrouble = (error: unknown) => isLockTimeout(error) || isDeadlock(error);
