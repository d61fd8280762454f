import { renameSync, rmSync, writeFileSync } from "node:fs";
import { dataNotWritable } from "#db/embedded/failure.ts";

/** What a script needs to use the instance it has just started. */
export interface ReadyFile {
  /** Absent for a process without a web server. */
  url?: string;
  claimUrl?: string;
  /** Where its metrics and probes are, if they were asked for. */
  opsUrl?: string;
  workspaceId?: string;
  apiKey?: string;
  ownerEmail?: string;
  ownerPassword?: string;
  databaseUrl: string;
}

/** Appears complete or not at all, because somebody is waiting for it; closed to others, because it holds a key. */
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

/** At the start and at the end: a file of an earlier run would tell a script that this one is ready. */
export function removeReadyFile(file: string): void {
  rmSync(file, { force: true });
}
