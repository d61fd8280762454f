import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Db } from "#db/client.ts";
import { breakPoint, SimulatedCrash } from "../base/break-point.ts";
import type { Clock } from "../base/clock.ts";
import type { HttpAnswer, HttpRequest } from "../flow/node-executor.ts";
import type { EngineDriver } from "../jobs/driver.ts";
import { turnJobs } from "../jobs/jobs.ts";
import { ringNow } from "../jobs/ring.ts";
import type { CallTry } from "./webhook-call-rows.ts";
import { claimCalls, giveUpCalls, renewCalls, saveAnswers } from "./webhook-call-rows.ts";

/** Calls an address. It returns an answer whatever the other side does, and throws only for errors of our own. */
export type WebhookClient = (
  workspaceId: string,
  request: HttpRequest,
  options: { idempotencyKey: string; signal: AbortSignal },
) => Promise<HttpAnswer>;

/** A call to be made. The pass that hands it over has committed that an execution waits for it. */
export interface HandedCall extends CallTry {
  workspaceId: string;
  sendId: string;
  /** The same on every try of this visit. */
  idempotencyKey: string;
  request: HttpRequest;
}

/** Calls at once from this process, and calls at once for one workspace, so that a slow server of one workspace does not hold up another. */
const mostAtOnce = 64;
const mostOfWorkspace = 16;
/** More calls than this are not queued here. Their wake-ups fall due, and a pass hands them over again. */
const longestQueue = 2_000;
/** A fifth of the lease. */
const renewEveryMs = 3_000;
/** Answers that arrive within this time are written in one statement. */
const gatherMs = 15;
const drainLookMs = 10;

/**
 * Makes webhook calls outside the passes, so that a slow server holds neither a lane nor a job's place:
 *
 *   a pass commits that an execution waits → hands the call over → (claimed, under a lock against a stop) → called
 *     → the answer is put beside the wake-up, which is due now → another pass goes on with it
 *
 * The calls in memory may be lost at any moment. Their lease then runs out, the wake-up is due, and the next pass hands
 * the same call over again with the same idempotency key. A call is therefore made at least once, and the receiver can
 * recognise the second time.
 */
export interface WebhookCalls {
  add(calls: readonly HandedCall[]): void;
  /**
   * Resolves when no call waits or is under way here and every answer is written. Calls that were not begun within
   * `withinMs` are given up, so that another worker begins them at once.
   */
  drain(withinMs: number): Promise<void>;
  /** Begins no more calls, and waits for those that are under way. */
  stop(): Promise<void>;
}

export function createWebhookCalls(context: {
  db: Db;
  clock: Clock;
  driver: EngineDriver;
  log: Logger;
  callWebhook?: WebhookClient;
}): WebhookCalls {
  const { db, clock, log, callWebhook = refuseAll } = context;
  const queue = new Map<string, HandedCall>();
  const open = new Map<string, { call: HandedCall; controller: AbortController }>();
  const answered: (HandedCall & { answer: HttpAnswer })[] = [];
  const under: Set<Promise<void>> = new Set();
  let renewing: NodeJS.Timeout | undefined;
  let flushing: NodeJS.Timeout | undefined;
  let pumping = false;
  let stopped = false;

  /** After a simulated crash nothing more happens, as in a process that was killed. */
  function die(): void {
    stopped = true;
    queue.clear();
    answered.length = 0;
    clearInterval(renewing);
    clearTimeout(flushing);
  }

  function run(work: () => Promise<void>, what: string): void {
    const running = work()
      .catch((error: unknown) => {
        if (error instanceof SimulatedCrash) die();
        else log.error({ err: error }, what);
      })
      .finally(() => under.delete(running));
    under.add(running);
  }

  /** Chooses the next calls: workspaces take turns, and none gets more than its share. */
  function choose(): HandedCall[] {
    const busy = new Map<string, number>();
    for (const { call } of open.values()) busy.set(call.workspaceId, (busy.get(call.workspaceId) ?? 0) + 1);
    const chosen: HandedCall[] = [];
    const waiting = [...Map.groupBy(queue.values(), ({ workspaceId }) => workspaceId)];
    for (let round = 0; waiting.some(([, calls]) => calls.length > round); round += 1) {
      for (const [workspaceId, calls] of waiting) {
        const next = calls[round];
        const used = busy.get(workspaceId) ?? 0;
        if (!next || used >= mostOfWorkspace || open.size + chosen.length >= mostAtOnce) continue;
        busy.set(workspaceId, used + 1);
        chosen.push(next);
      }
      if (open.size + chosen.length >= mostAtOnce || round >= mostOfWorkspace) break;
    }
    return chosen;
  }

  async function pump(): Promise<void> {
    if (pumping) return;
    pumping = true;
    try {
      for (let chosen = choose(); chosen.length > 0 && !stopped; chosen = choose()) {
        for (const { executionId } of chosen) queue.delete(executionId);
        const claimed = await claimCalls(db, chosen, clock);
        await breakPoint("call-claimed");
        for (const call of chosen) if (claimed.has(call.executionId)) run(() => make(call), "a call could not be made");
      }
    } finally {
      pumping = false;
    }
  }

  async function make(call: HandedCall): Promise<void> {
    const controller = new AbortController();
    open.set(call.executionId, { call, controller });
    try {
      const { workspaceId, request, idempotencyKey } = call;
      const answer = await callWebhook(workspaceId, request, { idempotencyKey, signal: controller.signal });
      await breakPoint("call-answered");
      answered.push({ ...call, answer });
      flushing ??= setTimeout(() => run(flush, "answers of calls could not be written; the calls are made again"), gatherMs);
    } finally {
      open.delete(call.executionId);
      if (!stopped) run(pump, "calls could not be begun; they are taken up again");
    }
  }

  async function flush(): Promise<void> {
    flushing = undefined;
    const batch = answered.splice(0);
    if (batch.length === 0) return;
    await saveAnswers(db, batch, clock);
    await breakPoint("answers-saved");
    const workspaces = [...new Set(batch.map(({ workspaceId }) => workspaceId))];
    await ringNow(
      context,
      workspaces.flatMap((id) => turnJobs(id, { quick: true })),
    );
  }

  return {
    add(calls) {
      if (stopped) return;
      for (const call of calls) {
        const known = queue.get(call.executionId) ?? open.get(call.executionId)?.call;
        if (known?.callId !== call.callId && queue.size < longestQueue) queue.set(call.executionId, call);
      }
      renewing ??= setInterval(() => {
        const mine = [...queue.values(), ...[...open.values()].map((one) => one.call)];
        if (mine.length > 0) run(() => renewCalls(db, mine, clock), "leases of calls could not be renewed");
      }, renewEveryMs).unref();
      run(pump, "calls could not be begun; they are taken up again");
    },

    async drain(withinMs) {
      const until = performance.now() + withinMs;
      while (queue.size + open.size + answered.length + under.size > 0) {
        if (performance.now() >= until && queue.size > 0) {
          const late = [...queue.values()];
          queue.clear();
          await giveUpCalls(db, late, clock);
        }
        await sleep(drainLookMs);
      }
    },

    async stop() {
      stopped = true;
      const left = [...queue.values()];
      queue.clear();
      while (under.size > 0) await Promise.allSettled(under);
      clearInterval(renewing);
      clearTimeout(flushing);
      await flush();
      if (left.length > 0) await giveUpCalls(db, left, clock);
    },
  };
}

const refuseAll: WebhookClient = async () => ({ outcome: "refused", message: "This process makes no calls.", durationMs: 0 });
