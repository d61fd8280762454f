import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { createDataDir } from "#db/embedded/data-dir.ts";
import { startEmbeddedPostgres } from "#db/embedded/embedded.ts";
import { readOrCreateSecrets } from "#db/embedded/secrets.ts";
import { prepareWorkerLogin, workerPassword } from "#db/migrate/logins.ts";
import { migrate, setApiPassword } from "#db/migrate/migrate.ts";
import { acquireInstanceLock } from "#server/process/instance-lock.ts";
import { listenForStop } from "#server/process/signals.ts";

/**
 * The development loop. This process runs Postgres, because Postgres need not restart when the server does. The server
 * runs under node's own watch mode, which follows its imports. Vite serves the browser and hands /api to the server.
 * The browser uses only Vite's address, so that one is printed.
 */
const root = join(import.meta.dirname, "..");
const webPort = 4801;
const apiPort = 4800;
const address = `http://127.0.0.1:${webPort}`;

const signals = listenForStop();
const dataDir = createDataDir(join(root, ".data"));
const lock = await acquireInstanceLock(dataDir);
const postgres = await startEmbeddedPostgres({ dataDir, log: say });
const children: ChildProcess[] = [];
try {
  const { apiPassword, masterKey, previousMasterKeys } = readOrCreateSecrets(dataDir);
  await migrate(postgres.ownerUrl, say);
  await setApiPassword(postgres.ownerUrl, apiPassword);
  await prepareWorkerLogin(postgres.ownerUrl, workerPassword(masterKey));
  lock.announce(address);

  const server = start(
    process.execPath,
    ["--watch", "--watch-preserve-output", "server/process/main.ts", "--port", String(apiPort), ...process.argv.slice(2)],
    {
      DATABASE_URL: postgres.ownerUrl,
      API_DATABASE_URL: postgres.apiUrl,
      WORKER_DATABASE_URL: postgres.workUrl,
      MASTER_KEY: masterKey.toString("hex"),
      PREVIOUS_MASTER_KEY: previousMasterKeys.map((key) => key.toString("hex")).join(","),
      PUBLIC_URL: address,
      LOG_LEVEL: process.env.LOG_LEVEL ?? "info",
    },
  );
  const vite = start(process.execPath, ["node_modules/vite/bin/vite.js", "--port", String(webPort), "--strictPort", "--logLevel", "warn"], {
    SLUICE_API_URL: `http://127.0.0.1:${apiPort}`,
  });
  await Promise.race([signals.stop, ended(server), ended(vite)]);
} catch (error) {
  process.exitCode = 1;
  say(error instanceof Error ? error.message : String(error));
}
await Promise.race([Promise.all(children.map(stop)), signals.hurry]);
await postgres.stop();
lock.release();
process.exit();

function start(program: string, args: string[], settings: Record<string, string>): ChildProcess {
  const child = spawn(program, args, { cwd: root, env: { ...process.env, ...settings }, stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  if (child.stdout) createInterface(child.stdout).on("line", (line) => say(line.replace(`http://127.0.0.1:${apiPort}`, address)));
  return child;
}

function ended(child: ChildProcess): Promise<unknown> {
  return child.exitCode === null ? new Promise((resolve) => child.once("exit", resolve)) : Promise.resolve();
}

/** Ctrl-C has reached the children already. This stops them in every other case. */
async function stop(child: ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  await Promise.race([ended(child), sleep(35_000).then(() => child.kill("SIGKILL"))]);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
