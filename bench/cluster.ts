import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Db } from "#db/client.ts";
import { createDb } from "#db/client.ts";
import { startEmbeddedPostgres } from "#db/embedded/embedded.ts";
import { migrate } from "#db/migrate/migrate.ts";
import { findOrphans } from "#db/queries/orphans.ts";

export interface BenchDatabase {
  url: string;
  db: Db;
  stop(): Promise<void>;
}

const cacheDir = join(import.meta.dirname, ".cache");

/** A Postgres for benches, with the durable settings of the product. */
export async function startBenchDatabase(): Promise<BenchDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), "sluice-bench-"));
  const bench = await open(dataDir, {});
  await migrate(bench.url);
  return {
    ...bench,
    stop: async () => {
      await bench.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export interface Seeding {
  /** Its name in bench/.cache, with the sizes. */
  name: string;
  /** The files that decide what is in it. When one of them changes, the database is filled anew. */
  sources: readonly string[];
  fill(db: Db): Promise<void>;
  /** A run that writes must leave it as it found it; one that was cut off halfway costs a new seeding. */
  writes: boolean;
}

/** A database that takes minutes to fill is filled once; later runs find it in bench/.cache. */
export async function openSeeded(seeding: Seeding): Promise<BenchDatabase> {
  const key = `${seeding.name}-${fingerprint(seeding.sources)}`;
  const dataDir = join(cacheDir, key);
  const dirty = join(cacheDir, `${key}.dirty`);
  mkdirSync(cacheDir, { recursive: true });
  for (const file of readdirSync(cacheDir)) {
    const isOlder = file.startsWith(`${seeding.name}-`) && !file.startsWith(key);
    if (isOlder) rmSync(join(cacheDir, file), { recursive: true, force: true });
  }
  if (existsSync(dirty)) await discard(dataDir, dirty);
  if (!existsSync(dataDir)) {
    writeFileSync(dirty, "being filled\n");
    await seed(dataDir, seeding);
    rmSync(dirty);
  }
  if (seeding.writes) writeFileSync(dirty, "in use\n");
  const bench = await open(dataDir, {});
  // A database that was filled before a migration was written gets that migration now, as an installation would.
  await migrate(bench.url);
  return {
    ...bench,
    stop: async () => {
      await bench.stop();
      rmSync(dirty, { force: true });
    },
  };
}

async function discard(dataDir: string, dirty: string): Promise<void> {
  if (existsSync(dataDir)) {
    // A run that was killed may have left its Postgres behind; opening takes it over, so that it can be stopped.
    await open(dataDir, {}).then(
      (left) => left.stop(),
      (error) => console.log(`what a killed run had left could not be opened and is removed: ${String(error)}`),
    );
    rmSync(dataDir, { recursive: true, force: true });
  }
  rmSync(dirty);
}

/** Nothing is promised while it is being filled, so nothing waits for the disk. */
async function seed(dataDir: string, { name, fill }: Seeding): Promise<void> {
  const begun = performance.now();
  console.log(`filling ${name}; the next run finds it done`);
  const bench = await open(dataDir, {
    fsync: "off",
    synchronous_commit: "off",
    max_wal_size: "16GB",
    maintenance_work_mem: "1GB",
    autovacuum: "off",
    work_mem: "256MB",
    wal_level: "minimal",
    max_wal_senders: "0",
  });
  try {
    await migrate(bench.url);
    await fill(bench.db);
  } finally {
    await bench.stop();
  }
  console.log(`filled in ${Math.round((performance.now() - begun) / 1000)} s`);
}

async function open(dataDir: string, settings: Record<string, string>): Promise<BenchDatabase> {
  const postgres = await startEmbeddedPostgres({ dataDir, settings });
  const db = createDb(postgres.ownerUrl, { applicationName: "sluice bench", maxConnections: 10 });
  return {
    url: postgres.ownerUrl,
    db,
    async stop() {
      // A figure counts only if the rows are right.
      const orphans = await findOrphans(db);
      await db.destroy();
      await postgres.stop();
      if (orphans.length > 0) throw new Error(`Rows have lost their parents: ${JSON.stringify(orphans)}`);
    },
  };
}

function fingerprint(sources: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of sources) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 12);
}
