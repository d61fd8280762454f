import { statSync } from "node:fs";
import { join } from "node:path";

/**
 * A mark that changes when the files of a Postgres are copied or unpacked from a backup: the inode number of a file. This
 * file is written in place for as long as the cluster exists, so its number stays the same.
 */
export function identifyFiles(dataDir: string): string {
  return String(statSync(join(dataDir, "postgres", "global", "pg_control"), { bigint: true }).ino);
}
