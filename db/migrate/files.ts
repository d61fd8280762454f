import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MigrationFailure } from "./failure.ts";

export interface MigrationFile {
  version: string;
  name: string;
  fileName: string;
  sql: string;
  checksum: string;
  /** Whether code that does not know the file must not run after it. Its first line says so: see contractMark. */
  endsEarlierCode: boolean;
}

/**
 * The first line of a migration after which earlier code must not run, because what that code uses is gone, has another name
 * or takes less than before. A migration without it only adds, and earlier code goes on with the database.
 */
export const contractMark = "-- contract";

/** The migrations of a folder in the order in which they apply. */
export function readMigrations(folder: string): MigrationFile[] {
  return readdirSync(folder)
    .filter((fileName) => fileName.endsWith(".sql"))
    .sort()
    .map((fileName, index, all) => {
      const [, version, name] = fileName.match(/^(\d{14})_([a-z0-9_]+)\.sql$/) ?? [];
      if (!version || !name) {
        throw new MigrationFailure(
          "bad_file_name",
          `The migration ${fileName} must be named <14 digits>_<name>.sql: make new ones with "npm run db:new <name>".`,
        );
      }
      if (all[index - 1]?.startsWith(version)) {
        throw new MigrationFailure("bad_file_name", `Two migrations have the number ${version}: give one a later one.`);
      }
      // Git may check a file out with other line ends; that is not an edit.
      const sql = readFileSync(join(folder, fileName), "utf8").replaceAll("\r\n", "\n");
      const checksum = createHash("sha256").update(sql).digest("hex");
      return { version, name, fileName, sql, checksum, endsEarlierCode: sql.split("\n", 1)[0]?.trimEnd() === contractMark };
    });
}
