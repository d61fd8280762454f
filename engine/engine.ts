import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { SimulatedCrash } from "./break-point.ts";
import { cancelExecution, finishCancel } from "./cancel-execution.ts";
import { createChannelGates } from "./channel-gates.ts";
import { pauseSend, resumeSend, stopSend, undoSend } from "./control-send.ts";
import { createSend } from "./create-send.ts";
import { deleteContacts } from "./delete-contacts.ts";
import type { RunningJob } from "./drivers/driver.ts";
import type { Engine, EngineResources } from "./engine-api.ts";
import { runEnroll } from "./enroll.ts";
import { createFlowCache } from "./flow-cache.ts";
import { createHttpCalls } from "./http-calls.ts";
import { quietMeter } from "./meter.ts";
import { createProviderCalls } from "./provider-calls.ts";
import { createReaper } from "./reap.ts";
import { previewRetry, retry } from "./retry.ts";
import { createSendFence } from "./send-fence.ts";
import { runSettle } from "./settle.ts";
import type { WorkerIdentity } from "./sql/workers.ts";
import { beat, deadAfterSeconds, signOff } from "./sql/workers.ts";
import { runTimers } from "./timers.ts";
import type { Tools } from "./tools.ts";
import { quietTracer } from "./tracer.ts";
import { runTurn } from "./turn.ts";
import { updateSend } from "./update-send.ts";

export type { CreateSendInput, Engine, EngineResources } from "./engine-api.ts";

const longestBackoffMs = 30_000;

export function createEngine(resources: EngineResources): Engine {
  let stopping = false;
  const meter = resources.meter ?? quietMeter;
  const tracer = resources.tracer ?? quietTracer;
  const tools: Tools = {
    ...resources,
    meter,
    tracer,
    clock: resources.driver.clock,
    flows: createFlowCache(resources.nodes),
    calls: createProviderCalls(resources.log, meter),
    httpCalls: createHttpCalls({ ...resources, clock: resources.driver.clock }),
    gates: createChannelGates({ db: resources.db, clock: resources.driver.clock, log: resources.log }),
    workerId: randomUUID(),
    openTurns: new Set(),
    isStopping: () => stopping,
  };
  const { db, driver, log, workerId } = tools;
  const reap = createReaper(tools);
  const fence = createSendFence(db);
  let lastSign = Number.NEGATIVE_INFINITY;

  async function run(job: RunningJob): Promise<void> {
    try {
      if (job.kind === "turn" || job.kind === "execution") {
        // Rows keep what is to be done: the timers ring for it again when sending is allowed.
        if (!(await fence.isUp())) await runTurn(tools, job);
      } else if (job.kind === "enroll") await runEnroll(tools, job);
      else if (job.kind === "settle") await runSettle(tools, job);
      else await finishCancel(tools, job.executionId);
    } catch (error) {
      if (error instanceof SimulatedCrash) throw error;
      meter.jobFailed(job.kind);
      log.error({ err: error, job: job.kind, failures: job.failures }, "a job failed and is tried again");
      const delayMs = Math.min(250 * 2 ** job.failures, longestBackoffMs);
      await driver.wake(db, [{ ...job, tries: job.tries + 1, failures: job.failures + 1, delayMs }]);
    }
  }

  const identity = (holder: string): WorkerIdentity => ({ id: workerId, holder, host: hostname(), pid: process.pid });

  async function lookAfterWorkers(): Promise<void> {
    const holder = driver.holder();
    if (holder === undefined) return;
    await reap(identity(holder));
    lastSign = performance.now();
  }

  async function sayAlive(): Promise<void> {
    const holder = driver.holder();
    if (holder === undefined) return;
    await beat(db, identity(holder));
    lastSign = performance.now();
  }

  async function timers(): Promise<void> {
    if (!(await fence.isUp())) await runTimers(tools);
  }

  return {
    prepare: () => driver.prepare(),
    async start() {
      await driver.prepare();
      const signOffAsWorker = () => signOff(db, workerId);
      await driver.start({ run, timers, reap: lookAfterWorkers, beat: sayAlive, signOff: signOffAsWorker });
      await lookAfterWorkers();
    },
    isWorking: () => driver.isRunning() && performance.now() - lastSign < deadAfterSeconds * 1_000,
    async stop() {
      stopping = true;
      await driver.stop();
      await tools.httpCalls.stop();
      await signOff(db, workerId);
    },
    createSend: (input) => createSend(tools, input),
    pauseSend: (input) => retryDeadlock(() => pauseSend(tools, input)),
    resumeSend: (input) => retryDeadlock(() => resumeSend(tools, input)),
    stopSend: (input) => retryDeadlock(() => stopSend(tools, input)),
    undoSend: (input) => retryDeadlock(() => undoSend(tools, input)),
    updateSend: (input) => retryDeadlock(() => updateSend(tools, input)),
    cancelExecution: (input) => retryDeadlock(() => cancelExecution(tools, input)),
    previewRetry: (input) => previewRetry(tools, input),
    retry: (input) => retryDeadlock(() => retry(tools, input)),
    deleteContacts: (input) => retryDeadlock(() => deleteContacts(tools, input)),
  };
}

/** A command of a person meets the work of a worker; Postgres ends one of the two, and the command begins again. */
async function retryDeadlock<T>(command: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await command();
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "40P01") || tries === 5) throw error;
    }
  }
}
