import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { destination } from "pino";
import { createDataDir } from "#db/embedded/data-dir.ts";
import { startEmbeddedPostgres } from "#db/embedded/embedded.ts";
import { identifyFiles } from "#db/embedded/files.ts";
import { readOrCreateSecrets } from "#db/embedded/secrets.ts";
import { checkLogins, grantRows, prepareWorkerLogin, readLoginRights, workerPassword } from "#db/migrate/logins.ts";
import { migrate, setApiPassword } from "#db/migrate/migrate.ts";
import { checkSessions } from "#db/session-check.ts";
import { createGraphileDriver } from "#engine/drivers/graphile.ts";
import { allowsPrivateHosts, compose, type Product } from "../compose/compose.ts";
import { createMetrics, type Metrics } from "../ops/metrics.ts";
import { openOpsServer } from "../ops/ops-server.ts";
import { createReadiness, type Readiness } from "../ops/readiness.ts";
import type { CliArguments } from "./arguments.ts";
import { parseArguments, usage } from "./arguments.ts";
import type { Env } from "./env.ts";
import { masterKeys, readEnv } from "./env.ts";
import { isForPeople } from "./errors-for-people.ts";
import { acquireInstanceLock } from "./instance-lock.ts";
import { checkListen, explainListenFailure } from "./listen-failure.ts";
import { createLog } from "./log.ts";
import { removeReadyFile, writeReadyFile } from "./ready-file.ts";
import { listenForStop } from "./signals.ts";
import { forkWorker } from "./worker-process.ts";

const defaultPort = 4400;

/**
 * The engine finishes the work it holds within its own limit of 30 s. This limit is a little longer, so that normally
 * the engine's limit decides.
 */
const drainLimit = 35_000;

// Everything is stopped in the reverse order of its start. A start that fails halfway is stopped in the same way, so
// Postgres is never left running.
const undo: (() => Promise<void> | void)[] = [];
const signals = listenForStop();
const broken = brokenPromise();

async function main(): Promise<void> {
  const args = parseArguments(process.argv.slice(2));
  if (args.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  // A second Ctrl-C also ends a start that waits for something, for example for a lock in an external database.
  await Promise.race([start(args, readEnv(process.env)), signals.hurry, broken]);
  await Promise.race([signals.stop, broken]);
}

async function start(args: CliArguments, env: Env): Promise<void> {
  const { host = "127.0.0.1", port = defaultPort, readyFile } = args;
  // The log goes to stderr, because stdout carries one line with the address.
  const log = createLog({ level: env.LOG_LEVEL, destination: destination({ fd: 2, sync: true }) });
  const dataDir = createDataDir(args.dataDir ?? join(import.meta.dirname, "..", "..", ".data"));
  if (args.roles.includes("web")) await checkListen(host, port);
  const readiness = createReadiness(log);
  const { metrics, opsUrl } = await startOps(args, env, readiness);
  if (readyFile) {
    removeReadyFile(readyFile);
    undo.push(() => removeReadyFile(readyFile));
  }

  // Nothing that a flow does can then hold the web server.
  const hasWorkerBeside = args.roles.includes("web") && args.roles.includes("worker");
  const database = env.DATABASE_URL ? externalDatabase(env, env.DATABASE_URL) : await startDatabase(dataDir, log);
  const worker = hasWorkerBeside ? forkWorker(log) : undefined;
  undo.push(() => worker?.kill());
  await migrate(database.ownerUrl, (message) => log.info(message));
  // The embedded Postgres has no pooler in front of it, and runs at Trigger.dev do not depend on session state.
  if (args.roles.includes("worker") && !database.isEmbedded && env.ENGINE === "graphile") await checkSessions(database.workUrl);
  if (env.ENGINE === "graphile") await createGraphileDriver({ connectionString: database.ownerUrl, log }).prepare();
  if (database.isEmbedded) {
    await setApiPassword(database.ownerUrl, database.apiPassword);
    await prepareWorkerLogin(database.ownerUrl, workerPassword(database.masterKey));
  } else {
    if (database.workUrl !== database.ownerUrl) await grantRows(database.ownerUrl, (await readLoginRights(database.workUrl)).login);
    for (const warning of await checkLogins({ ...database, hasApiLogin: env.API_DATABASE_URL !== undefined })) log.warn(warning);
  }

  const roles = hasWorkerBeside ? (["web"] as const) : args.roles;
  if (worker) {
    metrics?.add(worker.metrics);
    readiness.require("The worker is not working at the moment.", async () => {
      if (!worker.isWorking()) throw new Error("its process ended, or its event loop does not turn, or its job runner stopped");
    });
  }
  const product = await compose({
    workUrl: database.workUrl,
    apiUrl: database.apiUrl,
    masterKey: database.masterKey,
    previousMasterKeys: database.previousMasterKeys,
    databaseIsEmbedded: database.isEmbedded,
    dataFiles: database.files,
    roles,
    host,
    port,
    demo: args.demo,
    log,
    env,
    readiness,
    metrics,
  }).catch(async (error: unknown) => Promise.reject(await explainListenFailure(error, host, port)));
  const stop = () => Promise.all([product.stop(), worker?.stop()]).then(() => {});
  undo.push(() => Promise.race([stop(), signals.hurry.then(() => {}), sleep(drainLimit, undefined, { ref: false })]));
  const { workUrl, masterKey, previousMasterKeys } = database;
  const allowPrivateHosts = allowsPrivateHosts({ roles: args.roles, host, env });
  const publicUrl = product.address ?? "";
  await worker?.start({ workUrl, masterKey, previousMasterKeys, allowPrivateHosts, publicUrl, withMetrics: metrics !== undefined });

  undo.push(async () => {
    readiness.drain();
    if (args.roles.includes("web")) await Promise.race([sleep(env.DRAIN_SECONDS * 1_000), signals.hurry]);
  });

  database.announce(product.address ?? "a worker without an address");
  if (readyFile) {
    const { address: url, claimUrl, demo } = product;
    writeReadyFile(readyFile, { url, claimUrl, opsUrl, workerPid: worker?.pid(), ...demo, databaseUrl: database.ownerUrl });
  }
  process.stdout.write(`Sluice is running: ${greeting(product)}\n`);
}

/**
 * The ops server is opened before everything else, so that a long start (a large migration) can be told from a dead
 * process.
 */
async function startOps(args: CliArguments, env: Env, readiness: Readiness): Promise<{ metrics?: Metrics; opsUrl?: string }> {
  const port = args.metricsPort ?? env.METRICS_PORT;
  if (port === undefined) return {};
  const host = args.metricsHost ?? env.METRICS_HOST;
  await checkListen(host, port, "metrics-");
  const metrics = createMetrics();
  const ops = await openOpsServer({ host, port, metrics, readiness });
  undo.push(() => ops.close());
  return { metrics, opsUrl: `http://${host.includes(":") ? `[${host}]` : host}:${ops.port}` };
}

type Database = EmbeddedDatabase | ExternalDatabase;

interface DatabaseLogins {
  /** Migrates, and nothing else. */
  ownerUrl: string;
  /** For the engine, and for requests before their caller is known. */
  workUrl: string;
  apiUrl: string;
  masterKey: Buffer;
  previousMasterKeys: readonly Buffer[];
  /** Identifies the files of this database, so that a copy of them can be recognised. */
  files?: string;
  announce(address: string): void;
}

interface EmbeddedDatabase extends DatabaseLogins {
  isEmbedded: true;
  /** The product chooses the password of the API's login. */
  apiPassword: string;
}

interface ExternalDatabase extends DatabaseLogins {
  isEmbedded: false;
}

/** Starts the embedded Postgres. It belongs to one process at a time; an external database may serve many processes. */
async function startDatabase(dataDir: string, log: Logger): Promise<Database> {
  const lock = await acquireInstanceLock(dataDir);
  undo.push(() => lock.release());
  const postgres = await startEmbeddedPostgres({ dataDir, log: (message) => log.warn(message) });
  undo.push(() => postgres.stop());
  if (postgres.adopted) log.info("Took over the Postgres that an earlier start had left running.");
  const { apiPassword, masterKey, previousMasterKeys } = readOrCreateSecrets(dataDir);
  return {
    isEmbedded: true,
    ...postgres,
    apiPassword,
    masterKey,
    previousMasterKeys,
    files: identifyFiles(dataDir),
    announce: lock.announce,
  };
}

function externalDatabase(env: Env, ownerUrl: string): Database {
  const apiUrl = env.API_DATABASE_URL ?? ownerUrl;
  const workUrl = env.WORKER_DATABASE_URL ?? ownerUrl;
  const { masterKey, previousMasterKeys } = masterKeys(env);
  return { isEmbedded: false, ownerUrl, workUrl, apiUrl, masterKey, previousMasterKeys, announce: () => {} };
}

function greeting({ address, claimUrl, demo }: Product): string {
  if (!address) return "a worker, without a web server";
  if (demo) return `${address} (sign in as ${demo.ownerEmail} with the password ${demo.ownerPassword})`;
  return claimUrl ?? address;
}

/** Rejects on an error that no code handles. Going on in an unknown state is worse than a restart. */
function brokenPromise(): Promise<never> {
  return new Promise((_, reject) => {
    process.once("uncaughtException", reject);
    process.once("unhandledRejection", reject);
  });
}

function report(error: unknown): void {
  process.exitCode = 1;
  const text = error instanceof Error ? (isForPeople(error) ? error.message : error.stack) : String(error);
  process.stderr.write(isForPeople(error) ? `${text}\n` : `Sluice stopped because of an error it did not expect.\n${text}\n`);
}

await main().catch(report);
for (const step of undo.reverse()) {
  try {
    await step();
  } catch (error) {
    report(error);
  }
}
process.exit();
