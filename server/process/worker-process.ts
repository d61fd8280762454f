import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setPriority } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { FromWorker, MetricValues, ToWorker, WorkerSettings } from "./worker-orders.ts";

/** The worker could not start. The message is its own, and is printed as it is if it was written for people. */
export class WorkerFailure extends Error {
  override readonly name = "WorkerFailure";
}

export interface WorkerProcess {
  /** @throws WorkerFailure, or an Error with the stack of the worker, if its first start fails */
  start(settings: WorkerSettings): Promise<void>;
  /** Whether its event loop turns and its job runner runs. */
  isWorking(): boolean;
  /** Undefined where it does not answer in time. */
  metrics(): Promise<MetricValues | undefined>;
  pid(): number | undefined;
  /** Lets it finish what it has in hand. */
  stop(): Promise<void>;
  kill(): void;
}

/** A pulse comes every second. */
const pulseWithinMs = 3_000;
const metricsWithinMs = 1_000;
const shortestRestMs = 250;
const longestRestMs = 30_000;
/** A worker that lived for this long did not die of its start, so the next one is started at once. */
const steadyMs = 60_000;

/**
 * Where there is not processor enough for both, a page that somebody waits for comes before the work behind it. The work still gets a
 * quarter: that is what Linux gives a process of this priority beside a usual one.
 */
const workerPriority = 6;

function letOthersFirst(worker: ChildProcess, log: Logger): void {
  if (worker.pid === undefined) return;
  try {
    setPriority(worker.pid, workerPriority);
  } catch (err) {
    // Without it everything works, and pages take longer beside much work.
    log.warn({ err }, "the worker keeps the priority of the web server");
  }
}

/**
 * Keeps a worker running in a process of its own, so that nothing a flow does can hold the web server:
 *
 *   forked ──settings──▶ starting ──started──▶ working ──ended, whatever the reason──▶ rest ──▶ forked …
 *
 * The process is forked before its settings are known, because it takes a second to load. A worker whose parent has ended
 * ends too.
 */
export function forkWorker(log: Logger): WorkerProcess {
  let child = open();
  let isStopping = false;
  let pulse = { at: 0, isWorking: false };
  let asked = 0;
  const waiting = new Map<number, (values: MetricValues) => void>();
  const stopped = Promise.withResolvers<void>();
  let hasStarted = false;

  function open(): ChildProcess {
    // The flags of `node --watch` and its channel are for this process. The whole product is started anew on a change.
    const { WATCH_REPORT_DEPENDENCIES: _, ...env } = process.env;
    const opened = fork(join(import.meta.dirname, "worker-main.ts"), [], {
      env,
      execArgv: process.execArgv.filter((flag) => !flag.startsWith("--watch")),
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      serialization: "advanced",
    });
    letOthersFirst(opened, log);
    opened.on("message", (message: FromWorker) => {
      if (message.kind === "pulse") pulse = { at: performance.now(), isWorking: message.isWorking };
      if (message.kind === "metrics") waiting.get(message.id)?.(message.values);
      if (message.kind === "failed" && hasStarted) log.error({ reason: message.text }, "the worker failed");
    });
    opened.on("error", (error) => log.error({ err: error }, "the process of the worker"));
    return opened;
  }

  const tell = (message: ToWorker) => {
    if (child.connected) child.send(message, () => {});
  };

  async function keepRunning(settings: WorkerSettings): Promise<void> {
    let restMs = shortestRestMs;
    for (;;) {
      const since = performance.now();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      pulse = { at: 0, isWorking: false };
      if (isStopping) return;
      restMs = performance.now() - since > steadyMs ? shortestRestMs : restMs;
      // The signal that ends a terminal reaches the worker first, and this process a moment later.
      await Promise.race([sleep(restMs), stopped.promise]);
      if (isStopping) return;
      log.error({ code: child.exitCode, signal: child.signalCode, restMs }, "the worker ended and is started again");
      restMs = Math.min(restMs * 2, longestRestMs);
      child = open();
      tell({ kind: "start", settings });
    }
  }

  return {
    async start(settings) {
      const first = child;
      tell({ kind: "start", settings });
      await new Promise<void>((resolve, reject) => {
        first.on("message", (message: FromWorker) => {
          if (message.kind === "started") resolve();
          if (message.kind === "failed") reject(message.isForPeople ? new WorkerFailure(message.text) : new Error(message.text));
        });
        first.once("exit", (code, signal) => reject(new Error(`The worker ended with ${signal ?? `code ${code}`} before it had started.`)));
      });
      hasStarted = true;
      void keepRunning(settings);
    },
    isWorking: () => pulse.isWorking && performance.now() - pulse.at < pulseWithinMs,
    async metrics() {
      asked += 1;
      const id = asked;
      const answer = new Promise<MetricValues>((resolve) => waiting.set(id, resolve));
      tell({ kind: "metrics", id });
      const values = await Promise.race([answer, sleep(metricsWithinMs, undefined, { ref: false })]);
      waiting.delete(id);
      return values ?? undefined;
    },
    pid: () => child.pid,
    async stop() {
      isStopping = true;
      stopped.resolve();
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      tell({ kind: "stop" });
      await ended;
    },
    kill() {
      isStopping = true;
      stopped.resolve();
      child.kill("SIGKILL");
    },
  };
}
