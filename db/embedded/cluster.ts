import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Binaries } from "./binaries.ts";
import { dataNotWritable, EmbeddedFailure, readDiskProblem } from "./failure.ts";
import type { Launcher } from "./launcher.ts";

/** Refuses a folder that this Postgres must not touch. A missing or empty folder is allowed, because the cluster is made there. */
export function checkCluster(postgresDir: string, binaries: Binaries): void {
  const versionFile = join(postgresDir, "PG_VERSION");
  if (!existsSync(postgresDir) || readdirOrRefuse(postgresDir).length === 0) return;
  if (!existsSync(versionFile)) {
    throw new EmbeddedFailure(
      "data_not_ours",
      `The folder ${postgresDir} holds something else than Postgres data: move it away or choose another one with --data DIR.`,
    );
  }
  const found = readFileSync(versionFile, "utf8").trim();
  if (found !== String(binaries.majorVersion)) {
    throw new EmbeddedFailure(
      "other_major_version",
      `The data in ${postgresDir} was written by Postgres ${found} and this Sluice brings Postgres ${binaries.majorVersion}: start it with the Sluice that wrote it, or choose another folder with --data DIR.`,
    );
  }
}

function readdirOrRefuse(postgresDir: string): string[] {
  const owner = statSync(postgresDir).uid;
  const us = process.getuid?.();
  if (us !== 0 && us !== owner) {
    throw new EmbeddedFailure(
      "data_not_ours",
      `The data in ${postgresDir} belongs to another user (uid ${owner}): start Sluice as that user, or choose another folder with --data DIR.`,
    );
  }
  return readdirSync(postgresDir);
}

/**
 * Makes the cluster beside its final place and renames it, so that a start that is killed halfway leaves nothing that
 * could be taken for data.
 */
export async function createCluster(
  postgresDir: string,
  options: { binaries: Binaries; launcher: Launcher; password: string; durable: boolean },
): Promise<void> {
  const { binaries, launcher, password, durable } = options;
  const draft = `${postgresDir}.new`;
  const passwordFile = `${postgresDir}.password`;
  try {
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { mode: 0o700 });
    rmSync(passwordFile, { force: true });
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (launcher.account) {
      chownSync(draft, launcher.account.uid, launcher.account.gid);
      chownSync(passwordFile, launcher.account.uid, launcher.account.gid);
    }
    await initdb(draft, passwordFile);
    rmSync(postgresDir, { recursive: true, force: true });
    renameSync(draft, postgresDir);
  } catch (cause) {
    if (cause instanceof EmbeddedFailure) throw cause;
    throw dataNotWritable(postgresDir, cause);
  } finally {
    rmSync(passwordFile, { force: true });
  }

  async function initdb(directory: string, pwfile: string): Promise<void> {
    const child = launcher.spawn(
      binaries.initdb,
      [
        ...["--pgdata", directory, "--username", "postgres", "--pwfile", pwfile, "--auth", "scram-sha-256"],
        // The package's ICU is old, and an index must not depend on a library that an update replaces. The built-in
        // provider sorts by code point, which is the same on every machine and in every version.
        ...["--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"],
        ...["--data-checksums", "--no-instructions"],
        ...(durable ? [] : ["--no-sync"]),
      ],
      ["ignore", "ignore", "pipe"],
    );
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    const complaint = child.stderr ? await text(child.stderr) : "";
    if ((await ended) === 0) return;
    const reason = complaint.match(/(?:FATAL|error):\s*(.+)/)?.[1] ?? complaint.trim().split("\n").at(-1) ?? "";
    const code = readDiskProblem(complaint);
    if (code) throw dataNotWritable(postgresDir, { code });
    throw new EmbeddedFailure("start_failed", `Postgres could not make its data folder ${postgresDir}: ${reason}`);
  }
}
