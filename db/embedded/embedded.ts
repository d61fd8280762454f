import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { workerPassword } from "../migrate/logins.ts";
import { findBinaries } from "./binaries.ts";
import { checkCluster, createCluster } from "./cluster.ts";
import { createDataDir } from "./data-dir.ts";
import { createDatabase, databaseUrl } from "./database.ts";
import { findLauncher } from "./launcher.ts";
import { adoptOrClear } from "./orphan.ts";
import { choosePort, rememberPort } from "./port.ts";
import { stopPostmaster, waitForEnd } from "./postmaster.ts";
import { readOrCreateSecrets } from "./secrets.ts";
import type { RunningPostgres, StartOptions } from "./start.ts";
import { startPostgres } from "./start.ts";

export interface EmbeddedOptions {
  /** The folder of this instance. The data of Postgres is in `postgres` below it. */
  dataDir: string;
  /** Called with a message for the operator when Postgres has ended unasked, and when it was started again. */
  log?: (message: string) => void;
  port?: number;
  /** Postgres settings on top of ours; the tests switch fsync off. */
  settings?: Record<string, string>;
}

export interface EmbeddedPostgres {
  /** As the owner, a superuser, for migrations only. */
  ownerUrl: string;
  /** As `sluice_worker`, for the worker and for requests before their caller is known; usable once that login was prepared. */
  workUrl: string;
  /** As `sluice_api`, which the policies bind; usable once the migrations have made that role. */
  apiUrl: string;
  /** Whether a Postgres that an earlier process left behind was taken over instead of started. */
  adopted: boolean;
  stop(): Promise<void>;
}

/**
 * Runs a real Postgres for an installation that has none. It drives the Postgres programs itself, because the difficult
 * cases are those around a crash: which process may be stopped, which is adopted, and which is left alone. The states:
 *
 *   no data → initdb beside, rename → start
 *   data, nobody running → start (Postgres recovers by itself)
 *   data, a Postgres of ours is running → adopt it, or let it finish ending and start
 *   running, ends without being told → start it again on the same port; the pools reconnect
 *   stop → fast shutdown, so the next start has nothing to recover
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { log = () => {}, settings = {} } = options;
  const binaries = findBinaries();
  const dataDir = createDataDir(resolve(options.dataDir));
  const postgresDir = join(dataDir, "postgres");
  checkCluster(postgresDir, binaries);
  const secrets = readOrCreateSecrets(dataDir);
  const launcher = findLauncher(binaries, dataDir, postgresDir);

  if (!existsSync(join(postgresDir, "PG_VERSION"))) {
    const durable = settings.fsync !== "off";
    await createCluster(postgresDir, { binaries, launcher, password: secrets.postgresPassword, durable });
  }

  const orphan = await adoptOrClear(postgresDir, secrets.postgresPassword);
  const port = orphan?.port ?? (await choosePort(dataDir, options.port));
  const start: StartOptions = {
    postgresDir,
    binaries,
    launcher,
    port,
    settings,
    logFile: join(dataDir, "postgres.log"),
  };
  const first = orphan ? watchOrphan(postgresDir, orphan.pid) : await startPostgres(start);
  rememberPort(dataDir, port);
  const supervisor = supervise(first, start, log);
  try {
    await createDatabase(port, secrets.postgresPassword);
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  return {
    ownerUrl: databaseUrl("postgres", secrets.postgresPassword, port),
    workUrl: databaseUrl("sluice_worker", workerPassword(secrets.masterKey), port),
    apiUrl: databaseUrl("sluice_api", secrets.apiPassword, port),
    adopted: orphan !== undefined,
    stop: supervisor.stop,
  };
}

function watchOrphan(postgresDir: string, pid: number): RunningPostgres {
  // An adopted Postgres is not our child process, so its end is found by looking once a second.
  const ended = waitForEnd(postgresDir, pid, Number.POSITIVE_INFINITY, 1_000).then(() => "unknown reason");
  return { pid, ended };
}

/** Keeps Postgres running until it is told to stop, so that a killed postmaster costs a second and not a restart of the product. */
function supervise(first: RunningPostgres, start: StartOptions, log: (message: string) => void) {
  let current = first;
  let stopping: Promise<void> | undefined;
  let restarting: Promise<void> | undefined;
  watch();

  function watch(): void {
    void current.ended.then((reason) => {
      if (!stopping) restarting = restart(reason);
    });
  }

  async function restart(reason: string): Promise<void> {
    log(`Postgres ended unexpectedly (${reason}). Starting it again ...`);
    for (let attempt = 0; !stopping; attempt += 1) {
      try {
        current = await startPostgres(start);
        return watch();
      } catch (error) {
        // The first try often fails because sessions of the dead server have not ended yet.
        if (attempt === 2) log(error instanceof Error ? error.message : String(error));
        await sleep(Math.min(200 * 2 ** attempt, 10_000), undefined, { ref: false });
      }
    }
  }

  async function stopOnce(): Promise<void> {
    await restarting;
    await stopPostmaster(start.postgresDir, current.pid);
  }

  return {
    stop: (): Promise<void> => {
      stopping ??= stopOnce();
      return stopping;
    },
  };
}
