import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Problem } from "./terminal.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** The Node 24 that npm installed. Our programs run on it, whatever Node started this script. */
export const node24 = join(root, "node_modules", ".bin", "node");

/** The environment of npm's own scripts: node_modules/.bin comes first in the PATH and has `node` in it. */
export const environment = {
  ...process.env,
  PATH: `${join(root, "node_modules", ".bin")}:${process.env.PATH ?? ""}`,
};

/** Runs a program in the terminal and returns its exit code, as a shell would. */
export async function run(program, args, options = {}) {
  const child = spawn(program, args, { cwd: root, env: environment, stdio: "inherit", ...options });
  return exitCodeOf(child);
}

/** Runs a program without showing its output. The output goes to a file, which explains a failure. */
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
