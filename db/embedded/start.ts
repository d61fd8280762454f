import { closeSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Binaries } from "./binaries.ts";
import { dataNotWritable, EmbeddedFailure, readDiskProblem } from "./failure.ts";
import type { Launcher } from "./launcher.ts";
import { readPostmaster } from "./postmaster.ts";
import { postgresSettings } from "./settings.ts";

export interface StartOptions {
  postgresDir: string;
  logFile: string;
  binaries: Binaries;
  launcher: Launcher;
  port: number;
  settings: Record<string, string>;
}

export interface RunningPostgres {
  pid: number;
  /** Resolves when the process has ended, for whatever reason. */
  ended: Promise<string>;
}

// Recovery of a large database after a crash may take minutes, in which the process is alive and working.
const patience = 120_000;

/** Starts Postgres on an existing cluster and waits until it takes connections. */
export async function startPostgres(options: StartOptions): Promise<RunningPostgres> {
  const { postgresDir, logFile, binaries, launcher, port, settings } = options;
  const log = openLog(logFile);
  const child = launcher.spawn(
    binaries.postgres,
    ["-D", postgresDir, ...postgresSettings(port, settings)],
    // A file and not a pipe, so that Postgres can still write its log when our process is gone.
    ["ignore", log.fd, log.fd],
  );
  closeSync(log.fd);
  child.unref();

  let end: string | undefined;
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
  });
  void ended.then((reason) => {
    end = reason;
  });

  const deadline = Date.now() + patience;
  while (end === undefined && Date.now() < deadline) {
    const running = readPostmaster(postgresDir);
    if (running && running.pid === child.pid && running.status === "ready") return { pid: running.pid, ended };
    await sleep(15);
  }
  if (end === undefined) child.kill("SIGQUIT");
  throw explain(postgresDir, lastComplaint(logFile, log.size) ?? end ?? "it did not become ready in time");
}

function openLog(logFile: string): { fd: number; size: number } {
  try {
    const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
    if (size > 10_000_000) renameSync(logFile, `${logFile}.1`);
    const fd = openSync(logFile, "a", 0o600);
    return { fd, size: size > 10_000_000 ? 0 : size };
  } catch (cause) {
    throw dataNotWritable(logFile, cause);
  }
}

function lastComplaint(logFile: string, from: number): string | undefined {
  const lines = readFileSync(logFile).subarray(from).toString("utf8").split("\n");
  const complaint = lines.findLast((line) => /FATAL|PANIC|could not|error while loading/.test(line));
  return complaint?.replace(/^.*(FATAL|PANIC|LOG):\s*/, "");
}

function explain(postgresDir: string, complaint: string): EmbeddedFailure {
  const code = readDiskProblem(complaint);
  if (code) return dataNotWritable(postgresDir, { code });
  if (/shared librar/i.test(complaint)) {
    return new EmbeddedFailure("binaries_broken", `The embedded Postgres lacks a library (${complaint}): run "npm rebuild".`);
  }
  return new EmbeddedFailure("start_failed", `Postgres could not start on ${postgresDir}: ${complaint}`);
}
