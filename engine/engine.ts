import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { SimulatedCrash } from "./base/break-point.ts";
import { quietMeter } from "./base/meter.ts";
import { quietTracer } from "./base/tracer.ts";
import { cancelExecution, finishCancel } from "./commands/cancel-execution.ts";
import { pauseSend, resumeSend, stopSend, undoSend } from "./commands/control-send.ts";
import { createSend } from "./commands/create-send.ts";
import { deleteContacts } from "./commands/delete-contacts.ts";
import { updateSend } from "./commands/reschedule-send.ts";
import { previewRetry, retry } from "./commands/retry-executions.ts";
import { createHttpCalls } from "./effects/webhook-calls.ts";
import type { Engine, EngineResources } from "./engine-api.ts";
import type { Tools } from "./engine-context.ts";
import { runEnroll } from "./enrollment/enroll.ts";
import { createFlowCache } from "./flow/flow-cache.ts";
import type { RunningJob } from "./jobs/driver.ts";
import { createChannelGates } from "./messages/channel-limiter.ts";
import { createProviderCalls } from "./messages/provider-calls.ts";
import { createReaper } from "./schedule/dead-workers.ts";
import { runSettle } from "./schedule/finish-stopped-send.ts";
import { createSendFence } from "./schedule/send-fence.ts";
import { runTimers } from "./schedule/wake-due.ts";
import type { WorkerIdentity } from "./schedule/worker-rows.ts";
import { beat, deadAfterSeconds, signOff } from "./schedule/worker-rows.ts";
import { runTurn } from "./schedule/worker-turn.ts";

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
