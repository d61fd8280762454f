import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Tools } from "./advance.ts";
import { SimulatedCrash } from "./break-point.ts";
import { createSend } from "./create-send.ts";
import { deleteContacts } from "./delete-contacts.ts";
import type { RunningJob } from "./drivers/driver.ts";
import type { Engine, EngineResources } from "./engine-api.ts";
import { runEnroll } from "./enroll.ts";
import { createFlowCache } from "./flow-cache.ts";
import { isolate } from "./isolate.ts";
import { runLane } from "./lane.ts";
import { quietMeter } from "./meter.ts";
import { createProviderCalls } from "./provider-calls.ts";
import { createReaper } from "./reap.ts";
import { signOff } from "./sql/workers.ts";
import { runAdvance, runTimers } from "./timers.ts";

export type { CreateSendInput, Engine, EngineResources } from "./engine-api.ts";

/** After so many failures of the same job, its executions are looked at one by one. */
const isolateAfter = 3;
const longestBackoffMs = 30_000;

export function createEngine(resources: EngineResources): Engine {
  let stopping = false;
  const meter = resources.meter ?? quietMeter;
  const tools: Tools = {
    ...resources,
    meter,
    clock: resources.driver.clock,
    flows: createFlowCache(resources.nodes),
    calls: createProviderCalls(resources.log, meter),
    isStopping: () => stopping,
  };
  const { db, driver, log } = tools;
  const workerId = randomUUID();
  const reap = createReaper(tools);

  async function run(job: RunningJob): Promise<void> {
    try {
      if (job.kind === "enroll") await runEnroll(tools, job);
      else if (job.failures >= isolateAfter) await isolate(tools, job);
      else if (job.kind === "lane") await runLane(tools, job);
      else await runAdvance(tools, job);
    } catch (error) {
      if (error instanceof SimulatedCrash) throw error;
      meter.jobFailed(job.kind);
      log.error({ err: error, job: job.kind, failures: job.failures }, "a job failed and is tried again");
      const delayMs = Math.min(250 * 2 ** job.failures, longestBackoffMs);
      await driver.wake(db, [{ ...job, tries: job.tries + 1, failures: job.failures + 1, delayMs }]);
    }
  }

  return {
    prepare: () => driver.prepare(),
    async start() {
      await driver.prepare();
      await driver.start({
        run,
        timers: () => runTimers(tools),
        reap: async () => {
          const holder = driver.holder();
          if (holder !== undefined) await reap({ id: workerId, holder, host: hostname(), pid: process.pid });
        },
      });
    },
    async stop() {
      stopping = true;
      await driver.stop();
      await signOff(db, workerId);
    },
    createSend: (input) => createSend(tools, input),
    deleteContacts: (input) => deleteContacts(tools, input),
  };
}
