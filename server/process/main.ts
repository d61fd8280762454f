import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { destination } from "pino";
import { createDataDir } from "#db/embedded/data-dir.ts";
import { startEmbeddedPostgres } from "#db/embedded/embedded.ts";
import { EmbeddedFailure } from "#db/embedded/failure.ts";
import { identifyFiles } from "#db/embedded/files.ts";
import { readOrCreateSecrets } from "#db/embedded/secrets.ts";
import { MigrationFailure } from "#db/migrate/failure.ts";
import { migrate, setApiPassword } from "#db/migrate/migrate.ts";
import { checkSessions, SessionFailure } from "#db/session-check.ts";
import { TriggerProblem } from "#engine/drivers/trigger/service.ts";
import { DemoRefused } from "../commands/start-demo.ts";
import { compose, type Product } from "../compose/compose.ts";
import { createMetrics, type Metrics } from "../ops/metrics.ts";
import { openOpsServer } from "../ops/ops-server.ts";
import { createReadiness, type Readiness } from "../ops/readiness.ts";
import type { CliArguments } from "./arguments.ts";
import { ArgumentsFailure, parseArguments, usage } from "./arguments.ts";
import type { Env } from "./env.ts";
import { EnvError, readEnv } from "./env.ts";
import { acquireInstanceLock, InstanceRunning } from "./instance-lock.ts";
import { checkListen, explainListenFailure, ListenFailure } from "./listen-failure.ts";
import { createLog } from "./log.ts";
import { removeReadyFile, writeReadyFile } from "./ready-file.ts";
import { listenForStop } from "./signals.ts";

const defaultPort = 4400;

/**
 * The engine finishes the work it holds within its own limit of 30 s. This limit is a little longer, so that normally
 * the engine's limit decides.
 */
const drainLimit = 35_000;

/**
 * The messages of these errors are written for people and printed as they are. Any other error is a bug and is printed
 * with its stack.
 */
const errorsForPeople = [
  ArgumentsFailure,
  EnvError,
  EmbeddedFailure,
  MigrationFailure,
  SessionFailure,
  InstanceRunning,
  ListenFailure,
  DemoRefused,
  TriggerProblem,
];

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

  const database = env.DATABASE_URL ? externalDatabase(env, env.DATABASE_URL) : await startDatabase(dataDir, log);
  await migrate(database.ownerUrl, (message) => log.info(message));
  // The embedded Postgres has no pooler in front of it, and runs at Trigger.dev do not depend on session state.
  if (args.roles.includes("worker") && !database.isEmbedded && env.ENGINE === "graphile") await checkSessions(database.ownerUrl);
  if (database.apiPassword) await setApiPassword(database.ownerUrl, database.apiPassword);

  const product = await compose({
    ownerUrl: database.ownerUrl,
    apiUrl: database.apiUrl,
    masterKey: database.masterKey,
    databaseIsEmbedded: database.isEmbedded,
    dataFiles: database.files,
    roles: args.roles,
    host,
    port,
    demo: args.demo,
    log,
    env,
    readiness,
    metrics,
  }).catch(async (error: unknown) => Promise.reject(await explainListenFailure(error, host, port)));
  undo.push(() => Promise.race([product.stop(), signals.hurry.then(() => {}), sleep(drainLimit, undefined, { ref: false })]));

  undo.push(async () => {
    readiness.drain();
    if (args.roles.includes("web")) await Promise.race([sleep(env.DRAIN_SECONDS * 1_000), signals.hurry]);
  });

  database.announce(product.address ?? "a worker without an address");
  if (readyFile) {
    const { address: url, claimUrl, demo } = product;
    writeReadyFile(readyFile, { url, claimUrl, opsUrl, ...demo, databaseUrl: database.ownerUrl });
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

interface Database {
  isEmbedded: boolean;
  ownerUrl: string;
  apiUrl: string;
  masterKey: Buffer;
  /** Identifies the files of this database, so that a copy of them can be recognised. */
  files?: string;
  /** Set if the product chooses the password of the API's login. */
  apiPassword?: string;
  announce(address: string): void;
}

/** Starts the embedded Postgres. It belongs to one process at a time; an external database may serve many processes. */
async function startDatabase(dataDir: string, log: Logger): Promise<Database> {
  const lock = await acquireInstanceLock(dataDir);
  undo.push(() => lock.release());
  const postgres = await startEmbeddedPostgres({ dataDir, log: (message) => log.warn(message) });
  undo.push(() => postgres.stop());
  if (postgres.adopted) log.info("Took over the Postgres that an earlier start had left running.");
  const { apiPassword, masterKey } = readOrCreateSecrets(dataDir);
  return { isEmbedded: true, ...postgres, apiPassword, masterKey, files: identifyFiles(dataDir), announce: lock.announce };
}

function externalDatabase(env: Env, ownerUrl: string): Database {
  const apiUrl = env.API_DATABASE_URL ?? ownerUrl;
  return { isEmbedded: false, ownerUrl, apiUrl, masterKey: Buffer.from(env.MASTER_KEY ?? "", "hex"), announce: () => {} };
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
  const isForPeople = errorsForPeople.some((known) => error instanceof known);
  const text = error instanceof Error ? (isForPeople ? error.message : error.stack) : String(error);
  process.stderr.write(isForPeople ? `${text}\n` : `Sluice stopped because of an error it did not expect.\n${text}\n`);
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
