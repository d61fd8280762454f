import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDb, type Db } from "#db/client.ts";
import { startEmbeddedPostgres } from "#db/embedded/embedded.ts";
import { readPostmaster } from "#db/embedded/postmaster.ts";
import { migrate } from "#db/migrate/migrate.ts";

export interface OwnDatabase {
  url: string;
  apiUrl: string;
  db: Db;
  /**
   * Kills with SIGKILL, as the kernel does when memory runs out. The product's own supervisor starts Postgres again.
   */
  killPostmaster(): void;
  stop(): Promise<void>;
}

/** A Postgres of the run's own with the settings of the product: what it has confirmed must survive its death. */
export async function startOwnDatabase(): Promise<OwnDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), "sluice-chaos-"));
  const postgres = await startEmbeddedPostgres({ dataDir });
  await migrate(postgres.ownerUrl);
  const db = createDb(postgres.ownerUrl, { applicationName: "sluice chaos", maxConnections: 12 });
  return {
    url: postgres.ownerUrl,
    apiUrl: postgres.apiUrl,
    db,
    killPostmaster() {
      const postmaster = readPostmaster(join(dataDir, "postgres"));
      if (!postmaster) throw new Error("Postgres does not run; there is nothing to kill.");
      process.kill(postmaster.pid, "SIGKILL");
    },
    async stop() {
      await db.destroy();
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
