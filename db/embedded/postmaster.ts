import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The lines that a running Postgres wrote about itself into `postmaster.pid`. */
export interface Postmaster {
  pid: number;
  port: number;
  status: string;
}

export function readPostmaster(postgresDir: string): Postmaster | undefined {
  try {
    // Lines: pid, data folder, start time, port, socket folder, address, shared memory, status.
    const lines = readFileSync(join(postgresDir, "postmaster.pid"), "utf8").split("\n");
    const pid = Number(lines[0]);
    if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
    return { pid, port: Number(lines[3] ?? 0), status: (lines[7] ?? "").trim() };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  }
}

/**
 * Whether this process is the Postgres of this folder. After a crash or a reboot the pid may belong to any process, and
 * signals are about to be sent to it. The command line is compared because it is readable everywhere. The working
 * directory of another user's process is not (root in a container without ptrace rights).
 */
export function isPostmasterOf(postgresDir: string, pid: number): boolean {
  return readCommandLine(pid).includes(postgresDir);
}

/** Empty for a process that is gone, and for one that has ended but was not yet collected by its parent. */
function readCommandLine(pid: number): string {
  if (process.platform !== "linux") {
    return spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/**
 * SIGINT is Postgres' fast shutdown, which ends the sessions and writes all data to disk. SIGQUIT ends Postgres at once
 * and leaves recovery to the next start. Nothing that was committed is lost either way.
 */
export async function stopPostmaster(postgresDir: string, pid: number, patience = 20_000): Promise<void> {
  for (const [signal, limit] of [
    ["SIGINT", patience],
    ["SIGQUIT", 5_000],
    ["SIGKILL", 1_000],
  ] as const) {
    if (!isPostmasterOf(postgresDir, pid)) return;
    process.kill(pid, signal);
    if (await waitForEnd(postgresDir, pid, limit)) return;
  }
}

export async function waitForEnd(postgresDir: string, pid: number, limit: number, interval = 20): Promise<boolean> {
  const deadline = Date.now() + limit;
  while (isPostmasterOf(postgresDir, pid)) {
    if (Date.now() > deadline) return false;
    // The timer does not keep the process alive, so a program can end by itself while it watches.
    await sleep(interval, undefined, { ref: Number.isFinite(limit) });
  }
  return true;
}
