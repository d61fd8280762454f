import type { InboundEvent } from "#channels/inbound-events.ts";
import type { Channel } from "#contract/messages.ts";
import { isDeadlock } from "#db/errors.ts";
import type { EngineContext } from "../engine-context.ts";
import { turnJobs } from "../jobs/jobs.ts";
import { ringNow, transactThenRing } from "../jobs/ring.ts";
import { actOnMessages } from "./act-on-message-rows.ts";
import { actOnReports } from "./act-on-reports.ts";
import { addressOf } from "./address-in-use-rows.ts";
import { answerHelp } from "./answer-help.ts";
import { keywordOf } from "./keyword.ts";
import { wakeWaiting } from "./report-rows.ts";
import { type InboundCall, listLeftBehind, storeInbound } from "./store-rows.ts";
import { countUndecided } from "./undecided-rows.ts";
import { untilQuiet } from "./until-quiet.ts";

/**
 * What providers tell us is stored, then answered, then acted on:
 *
 *   a call ──stored──▶ open ──acted on, in one transaction with the mark──▶ handled
 *
 * A process that dies between the two leaves it open, and a worker finds it (`catchUp`). Two processes never act on the same
 * one, because each takes rows that nobody else holds. Storing depends on nothing that is done afterwards. What we answer ourselves is
 * sent beside it, so that a slow provider keeps no STOP waiting.
 */
export interface InboundDesk {
  /**
   * Resolves once everything that the call tells is committed. It is acted on right after, but what stops messages, or may stop
   * them, before: when this resolves nothing leaves to that number any more.
   */
  take(call: InboundCall): Promise<void>;
  /** Acts on what a process stored that has ended since, and on what nobody has decided in time. */
  catchUp(): Promise<void>;
  /** Resolves when nothing is being acted on. */
  idle(): Promise<void>;
}

const batchSize = 200;
/** Answers to HELP that a workspace gives at a time, however many people ask. */
const answersAtOnce = 4;

const stopsFrom = (channel: Channel, event: InboundEvent): string[] => {
  if (event.kind !== "received") return [];
  const word = keywordOf(channel, event.text);
  return word === "stop" || word === "maybe_stop" || event.providerHeard === "stop" ? [addressOf(channel, event.from)] : [];
};

export function createInboundDesk(context: EngineContext): InboundDesk {
  const { db, clock, log } = context;
  /** Workspaces that are being worked on; true where something came in meanwhile. */
  const working = new Map<string, { again: boolean; done: Promise<void> }>();
  /** The tasks that answer HELP, by workspace. */
  const answering = new Map<string, Set<Promise<void>>>();

  function begin(workspaceId: string): Promise<void> {
    const under = working.get(workspaceId);
    if (under) {
      under.again = true;
      return under.done;
    }
    const state = { again: false, done: Promise.resolve() };
    working.set(workspaceId, state);
    state.done = work(workspaceId, state).finally(() => working.delete(workspaceId));
    return state.done;
  }

  async function work(workspaceId: string, state: { again: boolean }): Promise<void> {
    do {
      state.again = false;
      try {
        while (await actOnce(workspaceId));
        answer(workspaceId);
      } catch (error) {
        // It stays open, and the next call or a worker tries it again.
        log.error({ err: error, workspaceId }, "what a provider told could not be acted on yet");
        return;
      }
    } while (state.again);
  }

  /** An answer that fails stays due, and a worker finds it. */
  function answer(workspaceId: string): void {
    // One that simulates has no providers that reach anybody.
    if (context.simulatesIn !== undefined) return;
    const beside = answering.get(workspaceId) ?? new Set();
    // These go on until nothing is due, so one more would only wait for the same provider.
    if (beside.size >= answersAtOnce) return;
    answering.set(workspaceId, beside);
    const done: Promise<void> = answerHelp(context, workspaceId)
      .catch((error: unknown) => log.error({ err: error, workspaceId }, "HELP could not be answered yet"))
      .finally(() => {
        beside.delete(done);
        if (beside.size === 0) answering.delete(workspaceId);
      });
    beside.add(done);
  }

  /** Acts on one batch. Returns whether there may be more. */
  async function actOnce(workspaceId: string): Promise<boolean> {
    // What people wrote comes first: it may be the word that stops everything.
    const written = await retryDeadlock(() =>
      transactThenRing(context, (tx, ring) => actOnMessages(tx, { workspaceId, limit: batchSize, context, ring })),
    );
    if (written > 0) await ringNow(context, allTurns(workspaceId));
    const { count, executionIds } = await db.transaction().execute((tx) => actOnReports(tx, context, workspaceId, batchSize));
    if (executionIds.length > 0) {
      // Their messages are settled. This has a transaction of its own, because a pass locks executions before messages.
      const woken = await db.transaction().execute((tx) => wakeWaiting(tx, executionIds, clock.now));
      if (woken.length > 0) await ringNow(context, allTurns(workspaceId));
    }
    return count === batchSize || written === batchSize;
  }

  return {
    async take(call) {
      if (!(await storeInbound(db, call))) return;
      void begin(call.workspaceId);
      const { workspaceId, channel } = call;
      const addresses = call.events.flatMap((event) => stopsFrom(channel, event));
      if (addresses.length > 0) await untilQuiet(context, { workspaceId, channel, addresses });
    },
    async catchUp() {
      for (const workspaceId of await listLeftBehind(db)) await begin(workspaceId);
      await retryDeadlock(() => countUndecided(db, clock));
    },
    async idle() {
      const answers = () => [...answering.values()].flatMap((all) => [...all]);
      while (working.size + answering.size > 0) await Promise.all([...[...working.values()].map(({ done }) => done), ...answers()]);
    },
  };
}

const allTurns = (workspaceId: string) => [...turnJobs(workspaceId, { quick: true }), ...turnJobs(workspaceId, { quick: false })];

/** A worker that claims messages and a STOP may lock the same contacts in another order. */
async function retryDeadlock<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (!isDeadlock(error) || tries === 5) throw error;
    }
  }
}
