import { randomBytes } from "node:crypto";
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { createDataDir } from "./data-dir.ts";
import { dataNotWritable, EmbeddedFailure } from "./failure.ts";

export interface Secrets {
  postgresPassword: string;
  apiPassword: string;
  /** The key of 32 bytes with which the credentials of providers and tokens are encrypted at rest. */
  masterKey: Buffer;
}

const SecretsFile = z.object({
  postgresPassword: z.string().min(20),
  apiPassword: z.string().min(20),
  masterKey: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * Reads the passwords and the key of a data folder, or makes them for a new one. A damaged or missing file beside existing
 * data is refused and never replaced, because another master key could not decrypt what the first one encrypted.
 */
export function readOrCreateSecrets(dataDir: string): Secrets {
  const file = join(dataDir, "secrets.json");
  const text = read(file) ?? create(dataDir, file);
  try {
    const secrets = SecretsFile.parse(JSON.parse(text));
    return { ...secrets, masterKey: Buffer.from(secrets.masterKey, "hex") };
  } catch (cause) {
    throw unreadable(`The file ${file} is damaged: restore it from a backup, the data beside it needs it.`, cause);
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unreadable(`The file ${file} cannot be read: start as the user who owns it, or give this user access.`, cause);
  }
}

function create(dataDir: string, file: string): string {
  if (existsSync(join(dataDir, "postgres", "PG_VERSION"))) {
    throw unreadable(`The file ${file} is missing: restore it from a backup, the data beside it needs it.`);
  }
  const secrets = {
    postgresPassword: randomBytes(24).toString("base64url"),
    apiPassword: randomBytes(24).toString("base64url"),
    masterKey: randomBytes(32).toString("hex"),
  };
  createDataDir(dataDir);
  const own = `${file}.${process.pid}`;
  try {
    writeFileSync(own, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
    // link() fails where a file exists, and rename() would replace it. Of two first starts at once, the second must take the secrets of the first.
    linkSync(own, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw dataNotWritable(dataDir, cause);
  } finally {
    rmSync(own, { force: true });
  }
  return readFileSync(file, "utf8");
}

function unreadable(message: string, cause?: unknown): EmbeddedFailure {
  return new EmbeddedFailure("secrets_unreadable", message, { cause });
}
