import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "#db/embedded/embedded.ts";
import { migrate, setApiPassword } from "#db/migrate/migrate.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The URLs of the migrated template database. Every test file gets a copy of it. */
    templateOwnerUrl: string;
    templateApiUrl: string;
  }
}

/**
 * Starts one Postgres for the run and migrates it once. Every run has its own, so two runs on a machine do not disturb
 * each other. With TEST_DATABASE_URL (a superuser's, of a server for tests only) that server is used instead, for
 * example to try another version.
 */
export default async function globalSetup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const server = given ? { url: given, stop: async () => {} } : await startOwnServer();
  try {
    const admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    await admin.query("drop database if exists sluice_template with (force)");
    await admin.query("create database sluice_template");
    await admin.end();

    const ownerUrl = new URL(server.url);
    ownerUrl.pathname = "/sluice_template";
    await migrate(ownerUrl.href);
    const apiUrl = new URL(ownerUrl);
    apiUrl.username = "sluice_api";
    apiUrl.password = randomBytes(24).toString("base64url");
    await setApiPassword(ownerUrl.href, apiUrl.password);
    project.provide("templateOwnerUrl", ownerUrl.href);
    project.provide("templateApiUrl", apiUrl.href);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server.stop;
}

async function startOwnServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), "sluice-test-"));
  const postgres = await startEmbeddedPostgres({
    dataDir,
    settings: {
      // The data need not survive a power cut, because it is deleted after the run. On a slow disk this saves two
      // thirds of the time.
      fsync: "off",
      full_page_writes: "off",
      // Cloning copies files. Without archiving or replicas its WAL is of no use.
      wal_level: "minimal",
      max_wal_senders: "0",
      shared_buffers: "128MB",
      max_connections: "200",
      autovacuum: "off",
    },
  });
  return {
    url: postgres.ownerUrl,
    stop: async () => {
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
