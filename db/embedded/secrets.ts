import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { createDataDir } from "./data-dir.ts";
import { dataNotWritable, EmbeddedFailure } from "./failure.ts";

export interface Secrets {
  postgresPassword: string;
  apiPassword: string;
  /** The key of 32 bytes with which the credentials of providers and tokens are encrypted at rest. */
  masterKey: Buffer;
  /** Set while the key is being replaced: what they encrypted is still to be encrypted anew. */
  previousMasterKeys: readonly Buffer[];
}

const key = z.string().regex(/^[0-9a-f]{64}$/);
const SecretsFile = z.object({
  postgresPassword: z.string().min(20),
  apiPassword: z.string().min(20),
  masterKey: key,
  previousMasterKeys: z.array(key).default([]),
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
    return {
      ...secrets,
      masterKey: Buffer.from(secrets.masterKey, "hex"),
      previousMasterKeys: secrets.previousMasterKeys.map((previous) => Buffer.from(previous, "hex")),
    };
  } catch (cause) {
    throw unreadable(`The file ${file} is damaged: restore it from a backup, the data beside it needs it.`, cause);
  }
}

/**
 * Puts a new master key in place of the one of a data folder, and keeps the old one beside it until `forgetPreviousKeys`.
 * A replacement that was begun goes on with the key that it made.
 */
export function replaceMasterKey(dataDir: string): Secrets {
  const secrets = readOrCreateSecrets(dataDir);
  if (secrets.previousMasterKeys.length === 0) {
    write(dataDir, { ...secrets, masterKey: randomBytes(32), previousMasterKeys: [secrets.masterKey] });
  }
  return readOrCreateSecrets(dataDir);
}

export function forgetPreviousKeys(dataDir: string): void {
  write(dataDir, { ...readOrCreateSecrets(dataDir), previousMasterKeys: [] });
}

/** The file is complete at every moment: the new one takes the place of the old one. */
function write(dataDir: string, { masterKey, previousMasterKeys, ...passwords }: Secrets): void {
  const file = join(dataDir, "secrets.json");
  const own = `${file}.${process.pid}`;
  const previous = previousMasterKeys.map((one) => one.toString("hex"));
  const content = { ...passwords, masterKey: masterKey.toString("hex"), ...(previous.length > 0 ? { previousMasterKeys: previous } : {}) };
  const descriptor = openSync(own, "w", 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify(content, null, 2)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(own, file);
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
