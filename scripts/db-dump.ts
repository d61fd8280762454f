import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "#db/embedded/embedded.ts";
import { dumpSchema } from "#db/migrate/dump.ts";
import { migrate } from "#db/migrate/migrate.ts";

// npm run db:dump writes db/schema.sql from a database that is made for this purpose and never from one with data.
const dataDir = mkdtempSync(join(tmpdir(), "sluice-dump-"));
const postgres = await startEmbeddedPostgres({ dataDir, settings: { fsync: "off" } });
try {
  await migrate(postgres.ownerUrl);
  writeFileSync(join(import.meta.dirname, "..", "db", "schema.sql"), await dumpSchema(postgres.ownerUrl));
} finally {
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
