import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Problem } from "./terminal.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Node 24, which npm brought: what everything of ours runs on, whatever Node started this script. */
export const node24 = join(root, "node_modules", ".bin", "node");

/** The environment of npm's own scripts: our programs first, and `node` among them. */
export const environment = {
  ...process.env,
  PATH: `${join(root, "node_modules", ".bin")}:${process.env.PATH ?? ""}`,
};

/** Runs a program in the terminal and returns its exit code, as a shell would. */
export async function run(program, args, options = {}) {
  const child = spawn(program, args, { cwd: root, env: environment, stdio: "inherit", ...options });
  return exitCodeOf(child);
}

/** Runs a program out of sight; what it says goes to a file, which is where a failure is explained. */
export async function runQuietly(program, args, { logName, env = environment, cwd = root }) {
  const logFile = join(root, ".tmp", logName);
  let log;
  try {
    mkdirSync(dirname(logFile), { recursive: true });
    log = openSync(logFile, "w");
  } catch (error) {
    throw new Problem(`The folder ${root} is not writable for this user (${error.code}): give it write access, or clone it elsewhere.`);
  }
  const child = spawn(program, args, { cwd, env: { ...env, NO_COLOR: "1" }, stdio: ["ignore", log, log] });
  closeSync(log);
  const code = await exitCodeOf(child);
  return { code, logFile, output: readFileSync(logFile, "utf8") };
}

export function exitCodeOf(child) {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? 128 + (signals[signal] ?? 0)));
  });
}

const signals = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };
