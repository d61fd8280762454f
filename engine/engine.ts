import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { isDeadlock } from "#db/errors.ts";
import { SimulatedCrash } from "./base/break-point.ts";
import { quietMeter } from "./base/meter.ts";
import { quietTracer } from "./base/tracer.ts";
import { cancelBulkJob, confirmBulkJob, undoBulkJob } from "./bulk/control-bulk-job.ts";
import { createBulkJob } from "./bulk/create-bulk-job.ts";
import { replaceStatus } from "./bulk/replace-status.ts";
import { runBulk } from "./bulk/run-bulk.ts";
import { approveSend, refuseSend } from "./commands/approve-send.ts";
import { archiveFlow, deleteFlow } from "./commands/archive-flow.ts";
import { cancelExecution, finishCancel } from "./commands/cancel-execution.ts";
import { changeWait } from "./commands/change-wait.ts";
import { pauseSend, resumeSend, stopSend, undoSend } from "./commands/control-send.ts";
import { createSend } from "./commands/create-send.ts";
import { deleteContacts } from "./commands/delete-contacts.ts";
import { eraseContacts, eraseDueContacts } from "./commands/erase-contacts.ts";
import { findCollisions } from "./commands/find-collisions.ts";
import { guardMail } from "./commands/guard-mail.ts";
import { healSend, previewHealing, runHeal } from "./commands/heal-send.ts";
import { judgeTests } from "./commands/judge-tests.ts";
import { openCanary } from "./commands/open-canary.ts";
import { countInside } from "./commands/people-inside.ts";
import { planContact } from "./commands/plan-contact.ts";
import { previewDraftMessage } from "./commands/preview-draft-message.ts";
import { previewMessage } from "./commands/preview-message.ts";
import { previewPublish } from "./commands/preview-publish.ts";
import { previewResult } from "./commands/preview-result.ts";
import { previewSend } from "./commands/preview-send.ts";
import { previewStep } from "./commands/preview-step.ts";
import { publishFlow } from "./commands/publish-flow.ts";
import { rescheduleSend } from "./commands/reschedule-send.ts";
import { previewRetry, retry } from "./commands/retry-executions.ts";
import { sendByHand } from "./commands/send-by-hand.ts";
import { surveyMessage } from "./commands/survey-message.ts";
import { tendCanaries } from "./commands/tend-canaries.ts";
import { askPacedAgain, tryChannel } from "./commands/try-channel.ts";
import { createWebhookCalls } from "./effects/webhook-calls.ts";
import type { Engine, EngineResources } from "./engine-api.ts";
import type { EngineContext } from "./engine-context.ts";
import { runEnroll } from "./enrollment/enroll.ts";
import { createFlowCache } from "./flow/flow-cache.ts";
import { changeSubscription } from "./inbound/change-subscription.ts";
import { createInboundDesk } from "./inbound/inbound-desk.ts";
import { readSubscription } from "./inbound/subscription-rows.ts";
import type { RunningJob } from "./jobs/driver.ts";
import { withPresentName } from "./jobs/jobs.ts";
import { defaultWorkSizes } from "./jobs/work-sizes.ts";
import { forecastContact } from "./kept-forecast/forecast-contact.ts";
import { cancelForecasts } from "./kept-forecast/kept-forecast-rows.ts";
import { createForecastRunner } from "./kept-forecast/run-forecast.ts";
import { sampleSend } from "./kept-forecast/sample-send.ts";
import { startForecast } from "./kept-forecast/start-forecast.ts";
import { createChannelLimiter } from "./messages/channel-limiter.ts";
import { judgeByHand } from "./messages/gate-by-hand.ts";
import { judgeAddress } from "./messages/judge-address-rows.ts";
import { judgeReach } from "./messages/judge-reach.ts";
import { createProviderCalls } from "./messages/provider-calls.ts";
import { createWorkerCheck } from "./schedule/dead-workers.ts";
import { finishStoppedSend } from "./schedule/finish-stopped-send.ts";
import { endHeldExecutions } from "./schedule/held-executions.ts";
import { runMove } from "./schedule/move-job.ts";
import { createSendFence } from "./schedule/send-fence.ts";
import { createDueLook } from "./schedule/wake-due.ts";
import type { WorkerIdentity } from "./schedule/worker-rows.ts";
import { beat, deadAfterSeconds, signOff } from "./schedule/worker-rows.ts";
import { runTurn } from "./schedule/worker-turn.ts";

export type { Engine, EngineResources } from "./engine-api.ts";
export type { CreateSendInput } from "./send-api.ts";

const longestBackoffMs = 30_000;
/** A run of Trigger.dev may take 300 s. A call takes up to 10 s, and those not begun by then are left to another run. */
const longestDrainMs = 120_000;

export function createEngine(resources: EngineResources): Engine {
  let stopping = false;
  const meter = resources.meter ?? quietMeter;
  const tracer = resources.tracer ?? quietTracer;
  const context: EngineContext = {
    ...resources,
    meter,
    tracer,
    clock: resources.driver.clock,
    workSizes: { ...defaultWorkSizes, ...resources.workSizes },
    flows: createFlowCache(resources.nodes),
    calls: createProviderCalls(resources.log, meter, resources.waitForMoment),
    webhookCalls: createWebhookCalls({ ...resources, clock: resources.driver.clock }),
    limiter: createChannelLimiter({ db: resources.db, clock: resources.driver.clock, log: resources.log }),
    workerId: randomUUID(),
    openTurns: new Set(),
    isStopping: () => stopping,
  };
  const { db, driver, log, workerId, simulatesIn } = context;
  const checkWorkers = createWorkerCheck(context);
  const fence = createSendFence(db);
  const runForecast = createForecastRunner(context);
  const inbound = createInboundDesk(context);
  let wakeDue = createDueLook(context);
  let lastSign = Number.NEGATIVE_INFINITY;

  async function perform(job: RunningJob): Promise<void> {
    switch (job.kind) {
      case "turn":
      case "execution":
        // The rows keep what is to be done, and the look for what is due finds it when sending is allowed again.
        if (simulatesIn !== undefined || !(await fence.isUp())) await runTurn(context, job);
        return;
      case "enroll":
        return runEnroll(context, job);
      case "finish_stopped_send":
        return finishStoppedSend(context, job);
      case "cancel":
        return void (await finishCancel(context, job.executionId));
      case "move":
        return runMove(context, job);
      case "bulk":
        return runBulk(context, job);
      case "forecast":
        return runForecast(job);
      case "heal":
        return runHeal(context, job);
      default:
        log.error({ job: (job as RunningJob).kind }, "a job of a kind that this version does not know was dropped");
    }
  }

  async function run(queued: RunningJob): Promise<void> {
    const job = withPresentName(queued);
    try {
      await perform(job);
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
    await checkWorkers(identity(holder));
    await endHeldExecutions(context);
    await inbound.catchUp();
    lastSign = performance.now();
  }

  async function sayAlive(): Promise<void> {
    const holder = driver.holder();
    if (holder === undefined) return;
    await beat(db, identity(holder));
    lastSign = performance.now();
  }

  async function wakeDueUnlessHeld(): Promise<void> {
    if (simulatesIn !== undefined || !(await fence.isUp())) return wakeDue();
    // What falls due meanwhile is passed over, so the first look afterwards is at everything.
    wakeDue = createDueLook(context);
  }

  return {
    prepare: () => driver.prepare(),
    async start() {
      await driver.prepare();
      if (simulatesIn === undefined) await endHeldExecutions(context);
      await driver.start({
        run,
        wakeDue: wakeDueUnlessHeld,
        checkWorkers: lookAfterWorkers,
        drainCalls: () => context.webhookCalls.drain(longestDrainMs),
        beat: sayAlive,
        signOff: () => signOff(db, workerId),
      });
      await lookAfterWorkers();
    },
    isWorking: () => driver.isRunning() && performance.now() - lastSign < deadAfterSeconds * 1_000,
    async stop() {
      stopping = true;
      await driver.stop();
      await context.webhookCalls.stop();
      await inbound.idle();
      await signOff(db, workerId);
    },
    createSend: (input) => createSend(context, input),
    previewSend: (input) => previewSend(context, input),
    startForecast: (input) => startForecast(context, input),
    cancelForecast: ({ workspaceId, forecastId }) => cancelForecasts(db, { workspaceId, id: forecastId }, context.clock),
    forecastContact: (input) => forecastContact(context, input),
    archiveFlow: (input) => retryDeadlock(() => archiveFlow(context, input)),
    deleteFlow: (input) => retryDeadlock(() => deleteFlow(context, input)),
    countInside: (input) => countInside(context, input),
    previewPublish: (input) => previewPublish(context, input),
    publishFlow: (input) => publishFlow(context, input),
    previewMessage: (input) => previewMessage(context, input),
    previewDraftMessage: (input) => previewDraftMessage(context, input),
    previewStep: (input) => previewStep(context, input),
    previewResult: (input) => previewResult(context, input),
    surveyMessage: (input) => surveyMessage(context, input),
    judgeTests: (input) => judgeTests(context, input),
    pauseSend: (input) => retryDeadlock(() => pauseSend(context, input)),
    resumeSend: (input) => retryDeadlock(() => resumeSend(context, input)),
    openCanary: (input) => retryDeadlock(() => openCanary(context, input)),
    tendCanaries: () => retryDeadlock(() => tendCanaries(context)),
    stopSend: (input) => retryDeadlock(() => stopSend(context, input)),
    undoSend: (input) => retryDeadlock(() => undoSend(context, input)),
    approveSend: (input) => retryDeadlock(() => approveSend(context, input)),
    refuseSend: (input) => retryDeadlock(() => refuseSend(context, input)),
    sampleSend: (input) => sampleSend(context, input),
    rescheduleSend: (input) => retryDeadlock(() => rescheduleSend(context, input)),
    cancelExecution: (input) => retryDeadlock(() => cancelExecution(context, input)),
    changeWait: (input) => retryDeadlock(() => changeWait(context, input)),
    planContact: (input) => planContact(context, input),
    findCollisions: (input) => findCollisions(context, input),
    previewRetry: (input) => previewRetry(context, input),
    retry: (input) => retryDeadlock(() => retry(context, input)),
    previewHealing: (of) => previewHealing(context, of),
    healSend: (of) => retryDeadlock(() => healSend(context, of)),
    tryChannel: (place) => retryDeadlock(() => tryChannel(context, place)),
    askPacedAgain: (input) => retryDeadlock(() => askPacedAgain(context, input)),
    judgeAddress: (address) => judgeAddress(db, address),
    judgeReach: (of) => judgeReach(context, of),
    judgeByHand: (question) => judgeByHand(context, question),
    sendByHand: (input) => sendByHand(context, input),
    guardMail: () => retryDeadlock(() => guardMail(context)),
    readSubscription: (who) => readSubscription(db, who),
    changeSubscription: (change) => retryDeadlock(() => changeSubscription(context, change)),
    takeInbound: (call) => inbound.take(call),
    inboundIdle: () => inbound.idle(),
    deleteContacts: (input) => retryDeadlock(() => deleteContacts(context, input)),
    eraseContacts: (input) => retryDeadlock(() => eraseContacts(context, input)),
    eraseDueContacts: () => retryDeadlock(() => eraseDueContacts(context)),
    replaceStatus: (input) => retryDeadlock(() => replaceStatus(context, input)),
    createBulkJob: (input) => retryDeadlock(() => createBulkJob(context, input)),
    confirmBulkJob: (input) => retryDeadlock(() => confirmBulkJob(context, input)),
    cancelBulkJob: (input) => retryDeadlock(() => cancelBulkJob(context, input)),
    undoBulkJob: (input) => retryDeadlock(() => undoBulkJob(context, input)),
  };
}

/** Runs a command again when Postgres ended its transaction to break a deadlock with a worker. */
async function retryDeadlock<T>(command: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await command();
    } catch (error) {
      if (!isDeadlock(error) || tries === 5) throw error;
    }
  }
}
