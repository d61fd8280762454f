import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readPostmaster } from "#db/embedded/postmaster.ts";
import { processBirth } from "#server/process/process-birth.ts";
import type { ReadyFile } from "#server/process/ready-file.ts";

const readyWithinMs = 90_000;

/** The product as a person starts it, and the processes that this creates. */
export interface NpmStart {
  ready: ReadyFile;
  npm: ChildProcess;
  pids: { npm: number; launcher: number; server: number; postgres: number };
  said(): string;
}

/** Runs `npm start` on a data folder. It works on Linux only, because it finds the processes in /proc. */
export async function npmStart(dataDir: string): Promise<NpmStart> {
  const readyFile = join(dataDir, "ready.json");
  rmSync(readyFile, { force: true });
  const args = ["start", "--", "--data", dataDir, "--port", "0", "--ready-file", readyFile];
  const npm = spawn("npm", args, {
    cwd: join(import.meta.dirname, "../.."),
    env: { ...withoutNpm(process.env), LOG_LEVEL: "info" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [npm.stdout, npm.stderr]) {
    stream?.on("data", (text: Buffer) => {
      said += text;
    });
  }
  for (let waited = 0; !existsSync(readyFile); waited += 50) {
    if (npm.exitCode !== null || npm.signalCode !== null) throw new Error(`npm start ended before it was ready: ${said}`);
    if (waited > readyWithinMs) {
      npm.kill("SIGTERM");
      throw new Error(`npm start was not ready within ${readyWithinMs / 1000} s: ${said}`);
    }
    await sleep(50);
  }
  const server = (JSON.parse(readFileSync(join(dataDir, "instance.lock"), "utf8")) as { pid: number }).pid;
  const postgres = readPostmaster(join(dataDir, "postgres"))?.pid ?? 0;
  return {
    ready: JSON.parse(readFileSync(readyFile, "utf8")) as ReadyFile,
    npm,
    pids: { npm: npm.pid ?? 0, launcher: parentOf(server), server, postgres },
    said: () => said,
  };
}

/** Asks npm to end, as a service manager does, and waits until all processes have ended. */
export async function npmStop({ npm, pids }: NpmStart): Promise<void> {
  if (npm.exitCode === null && npm.signalCode === null) {
    npm.kill("SIGTERM");
    await once(npm, "exit");
  }
  await goneWithin(pids.server, 40_000);
}

export async function goneWithin(pid: number, milliseconds: number): Promise<boolean> {
  for (let waited = 0; processBirth(pid) !== undefined; waited += 50) {
    if (waited > milliseconds) return false;
    await sleep(50);
  }
  return true;
}

function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

/** An npm that runs inside another one would use the settings of the outer one. */
const withoutNpm = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("npm_")));
