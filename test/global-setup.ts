import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "#db/embedded.ts";
import { databaseUrl } from "#db/embedded-database.ts";
import { readOrCreateSecrets } from "#db/embedded-secrets.ts";
import { migrate, setApiPassword } from "#db/migrate.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** URLs of the migrated template database, of which every test file gets a copy. */
    templateOwnerUrl: string;
    templateApiUrl: string;
  }
}

/** One Postgres for the run, migrated once. Every run has its own, so two runs on a machine never meet. */
export default async function globalSetup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), "sluice-test-"));
  const postgres = await startEmbeddedPostgres({
    dataDir,
    settings: {
      // Nothing here outlives the run, so nothing has to survive a power cut: a third of the time on a slow disk.
      fsync: "off",
      full_page_writes: "off",
      // Cloning copies files; without archiving or replicas its WAL is of no use to anybody.
      wal_level: "minimal",
      max_wal_senders: "0",
      shared_buffers: "128MB",
      max_connections: "200",
      autovacuum: "off",
    },
  });
  const stop = async () => {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const { port } = new URL(postgres.ownerUrl);
    const secrets = readOrCreateSecrets(dataDir);
    const admin = new pg.Client({ connectionString: postgres.ownerUrl });
    await admin.connect();
    await admin.query("create database sluice_template");
    await admin.end();

    const templateOwnerUrl = databaseUrl("postgres", secrets.postgresPassword, Number(port), "sluice_template");
    await migrate(templateOwnerUrl);
    await setApiPassword(templateOwnerUrl, secrets.apiPassword);
    project.provide("templateOwnerUrl", templateOwnerUrl);
    project.provide("templateApiUrl", databaseUrl("sluice_api", secrets.apiPassword, Number(port), "sluice_template"));
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
