import { join } from "node:path";
import { parseArgs } from "node:util";
import { createDb } from "#db/client.ts";
import { startEmbeddedPostgres } from "#db/embedded/embedded.ts";
import { forgetPreviousKeys, replaceMasterKey } from "#db/embedded/secrets.ts";
import { rotateSecrets } from "#server/commands/rotate-secrets.ts";
import { masterKeys, readEnv } from "#server/process/env.ts";
import { acquireInstanceLock } from "#server/process/instance-lock.ts";

// npm run rotate-secrets encrypts every stored secret with the current key. With DATABASE_URL, MASTER_KEY is the new key and
// PREVIOUS_MASTER_KEY the old one, and the product may run meanwhile. Without it, the database is the one in .data/ (or
// --data <folder>): Sluice must be stopped, and the new key is made here. It may be ended at any moment and begun again.

const { values } = parseArgs({ options: { data: { type: "string" } } });
const env = readEnv(process.env);
try {
  const left = env.DATABASE_URL ? await rotate(env.DATABASE_URL, masterKeys(env)) : await rotateEmbedded();
  if (left > 0) process.exitCode = 1;
  else if (env.DATABASE_URL) console.log("PREVIOUS_MASTER_KEY can be taken away from every process now.");
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function rotateEmbedded(): Promise<number> {
  const dataDir = values.data ?? join(import.meta.dirname, "..", ".data");
  const lock = await acquireInstanceLock(dataDir);
  try {
    const postgres = await startEmbeddedPostgres({ dataDir });
    try {
      const left = await rotate(postgres.ownerUrl, replaceMasterKey(dataDir));
      if (left === 0) forgetPreviousKeys(dataDir);
      return left;
    } finally {
      await postgres.stop();
    }
  } finally {
    lock.release();
  }
}

async function rotate(url: string, keys: { masterKey: Buffer; previousMasterKeys: readonly Buffer[] }): Promise<number> {
  const db = createDb(url, { applicationName: "sluice rotate-secrets", maxConnections: 1 });
  try {
    const { rotated, unreadable, left } = await rotateSecrets(db, keys);
    console.log(`${rotated} stored secrets are encrypted with the new key now.`);
    for (const [table, many] of Object.entries(unreadable)) {
      console.error(
        `${many} in ${table} can be opened with none of these keys. Add the key that encrypted them to PREVIOUS_MASTER_KEY, or enter them anew.`,
      );
    }
    return left;
  } finally {
    await db.destroy();
  }
}
