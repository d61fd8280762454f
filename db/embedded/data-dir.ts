import { accessSync, constants, mkdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dataNotWritable } from "./failure.ts";

/**
 * Makes the data folder if it is missing and proves that it can be written to, so that a read-only or full disk is named
 * at the start instead of in an error of Postgres later. Returns its real path.
 */
export function createDataDir(dataDir: string): string {
  try {
    // Started by root, Postgres runs as another user, who must be able to pass through. The files in here have modes of their own.
    makeFolder(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
    accessSync(dataDir, constants.W_OK | constants.X_OK);
    // access() answers yes to root even where a write fails (a quota, a full disk, some network mounts).
    const probe = join(dataDir, `.write-probe-${process.pid}`);
    writeFileSync(probe, "probe");
    rmSync(probe);
    return realpathSync(dataDir);
  } catch (cause) {
    throw dataNotWritable(dataDir, cause);
  }
}

function makeFolder(folder: string, mode: number): void {
  try {
    mkdirSync(folder, { recursive: true, mode });
  } catch {
    // Node's recursive form reports ENOENT where the disk is read-only. The plain form reports the true error.
    mkdirSync(folder, { mode });
  }
}
