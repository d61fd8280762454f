import { statSync } from "node:fs";
import { join } from "node:path";

/**
 * What changes when the files of a Postgres are copied or unpacked from a backup, which changes nothing inside of them. This
 * one is written in place for as long as the cluster lives, so its number on the disk stays.
 */
export function identifyFiles(dataDir: string): string {
  return String(statSync(join(dataDir, "postgres", "global", "pg_control"), { bigint: true }).ino);
}
