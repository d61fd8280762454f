import { accessSync, constants, mkdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dataNotWritable } from "./failure.ts";

/**
 * Makes the data folder if need be and proves that it can be written to, so that a read-only or full disk is one
 * sentence at the start and not a riddle from Postgres later. Returns its real path.
 */
export function createDataDir(dataDir: string): string {
  try {
    // As root, Postgres runs as another user, who must be able to pass through; what is in here is closed by itself.
    makeFolder(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
    accessSync(dataDir, constants.W_OK | constants.X_OK);
    // access() tells root yes even where a write fails (a quota, a full disk, some network mounts).
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
    // Node's recursive form says ENOENT where the disk is read-only; the plain one tells the truth.
    mkdirSync(folder, { mode });
  }
}
