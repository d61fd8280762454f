import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { destination } from "pino";
import { compose } from "../compose/compose.ts";
import { createMetrics } from "../ops/metrics.ts";
import { createReadiness } from "../ops/readiness.ts";
import { readEnv } from "./env.ts";
import { isForPeople } from "./errors-for-people.ts";
import { createLog } from "./log.ts";
import { listenForStop } from "./signals.ts";
import type { FromWorker, ToWorker, WorkerSettings } from "./worker-orders.ts";

// The worker of `npm start`, in a process of its own. worker-process.ts starts it and tells it what to do.

/** As in main.ts: the engine finishes within its own limit of 30 s. */
const drainLimit = 35_000;
const pulseEveryMs = 1_000;

const signals = listenForStop();
const told = Promise.withResolvers<void>();
const tell = (message: FromWorker) => {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
};

async function main(): Promise<void> {
  const settings = await firstOrder();
  if (!settings) return;
  const env = readEnv(process.env);
  const log = createLog({ level: env.LOG_LEVEL, process: "worker", destination: destination({ fd: 2, sync: true }) });
  const metrics = settings.withMetrics ? createMetrics() : undefined;
  const readiness = createReadiness(log);
  const product = await compose({
    workUrl: settings.workUrl,
    apiUrl: settings.workUrl,
    masterKey: Buffer.from(settings.masterKey),
    previousMasterKeys: settings.previousMasterKeys.map((key) => Buffer.from(key)),
    databaseIsEmbedded: false,
    roles: ["worker"],
    beside: { allowPrivateHosts: settings.allowPrivateHosts, publicUrl: settings.publicUrl },
    host: "127.0.0.1",
    port: 0,
    demo: false,
    log,
    env,
    readiness,
    metrics,
  });
  tell({ kind: "started" });
  const pulse = () => void readiness.report().then(({ status }) => tell({ kind: "pulse", isWorking: status === "ready" }));
  pulse();
  setInterval(pulse, pulseEveryMs).unref();
  process.on("message", (message: ToWorker) => {
    if (message.kind === "metrics" && metrics) void metrics.values().then((values) => tell({ kind: "metrics", id: message.id, values }));
  });
  await Promise.race([told.promise, signals.stop]);
  await Promise.race([product.stop(), signals.hurry, sleep(drainLimit, undefined, { ref: false })]);
}

/** Undefined where the worker is to end before it was told how to start. */
async function firstOrder(): Promise<WorkerSettings | undefined> {
  const order = once(process, "message").then(([message]) => message as ToWorker);
  process.on("message", (message: ToWorker) => {
    if (message.kind === "stop") told.resolve();
  });
  const first = await Promise.race([order, signals.stop]);
  return typeof first === "object" && first.kind === "start" ? first.settings : undefined;
}

const broken = new Promise<never>((_, reject) => {
  process.once("uncaughtException", reject);
  process.once("unhandledRejection", reject);
});

try {
  await Promise.race([main(), broken]);
} catch (error) {
  process.exitCode = 1;
  const text = error instanceof Error ? (isForPeople(error) ? error.message : (error.stack ?? error.message)) : String(error);
  // The other process writes it into the log.
  tell({ kind: "failed", text, isForPeople: isForPeople(error) });
  // The message is on its way to the other process.
  await sleep(100);
}
process.exit();
