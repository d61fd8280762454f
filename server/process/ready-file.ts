import { renameSync, rmSync, writeFileSync } from "node:fs";
import { dataNotWritable } from "#db/embedded/failure.ts";

/** The data that a script needs to use the instance it has just started. */
export interface ReadyFile {
  /** Absent for a process without a web server. */
  url?: string;
  claimUrl?: string;
  /** The address of its metrics and probes, if they are switched on. */
  opsUrl?: string;
  /** The process of the worker, where it has one of its own. */
  workerPid?: number | undefined;
  workspaceId?: string;
  apiKey?: string;
  ownerEmail?: string;
  ownerPassword?: string;
  databaseUrl: string;
}

/**
 * Writes the file. It appears complete or not at all, because a script waits for it, and only its owner can read it,
 * because it holds a key.
 */
export function writeReadyFile(file: string, content: ReadyFile): void {
  const draft = `${file}.${process.pid}`;
  try {
    rmSync(draft, { force: true });
    writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    renameSync(draft, file);
  } catch (cause) {
    throw dataNotWritable(file, cause);
  }
}

/** Is called at the start and at the end. The file of an earlier run would tell a script that this run is ready. */
export function removeReadyFile(file: string): void {
  rmSync(file, { force: true });
}
