import { setTimeout as sleep } from "node:timers/promises";
import pLimit, { type LimitFunction } from "p-limit";
import type { Logger } from "pino";
import type { OutgoingMessage, Provider, SendResult } from "#channels/channel.ts";
import { breakPoint, isListening } from "../base/break-point.ts";
import type { Meter } from "../base/meter.ts";
import { failuresToClose } from "./channel-limiter-rows.ts";

/** After `deadlineMs` the call is aborted. After `graceMs` more it is no longer waited for. */
const deadlineMs = 20_000;
const graceMs = 5_000;
/** Leases are renewed after a third of their time, so that one late renewal does not lose them. */
const lookEveryMs = 2_500;
/**
 * A process that was held up for so long, such as by a machine that was paused, begins no further calls: others have found it
 * dead meanwhile, have looked its messages up, and send them.
 */
const longestStillMs = 30_000;

/**
 * A message that has waited for its call for so long is looked at once more: its address may have been closed since it was
 * claimed, by a STOP.
 */
const lookAgainMs = 250;

/**
 * The result of a message. `not_called`: the provider was not called, because too many messages before it had failed, or because
 * its address was closed meanwhile.
 */
export type CallResult = SendResult | { outcome: "not_called"; because?: "address" };

/** Calls a provider, for all chunks of this process together, with no more calls at once than it takes. */
export interface ProviderCalls {
  /**
   * Returns a result for every message, in order. Where the provider gave no answer, it is `unknown`.
   *
   * @param leaveIn milliseconds before each message may be handed over, where its sender has a pace
   */
  send(provider: Provider, messages: readonly OutgoingMessage[], rows: CallRows, leaveIn?: readonly number[]): Promise<CallResult[]>;
}

export interface CallRows {
  renew(ids: string[]): Promise<void>;
  /** The ids of those whose address is closed by now. */
  findClosed(messages: readonly OutgoingMessage[]): Promise<ReadonlySet<string>>;
}

interface Call {
  startedAt: number;
  controller: AbortController | undefined;
  giveUp: () => void;
}

/** `waitFor` waits for the moment of a sender, in milliseconds. */
export function createProviderCalls(log: Logger, meter: Meter, waitFor: (ms: number) => Promise<unknown> = sleep): ProviderCalls {
  const limits = new WeakMap<Provider, LimitFunction>();

  async function callOne(provider: Provider, message: OutgoingMessage, open: Map<string, Call>): Promise<SendResult> {
    const call: Call = { startedAt: performance.now(), controller: undefined, giveUp: () => {} };
    open.set(message.id, call);
    const givenUp = new Promise<SendResult>((resolve) => {
      call.giveUp = () => resolve({ outcome: "unknown", message: "The provider did not answer in time" });
    });
    try {
      if (isListening()) await breakPoint("provider-called");
      // The controller is made only when the provider reads the signal, because one per message is dear.
      const options = {
        get signal() {
          call.controller ??= new AbortController();
          return call.controller.signal;
        },
      };
      const result = await Promise.race([provider.send(message, options), givenUp]);
      if (isListening()) await breakPoint("provider-answered");
      return result;
    } catch (error) {
      if (error instanceof Error && error.name === "SimulatedCrash") throw error;
      log.error({ ...placeOf(error), provider: provider.name, messageId: message.id }, "a provider threw instead of answering");
      return { outcome: "unknown", message: "The provider failed in an unexpected way" };
    } finally {
      open.delete(message.id);
    }
  }

  return {
    async send(provider, messages, { renew, findClosed }, leaveIn = []) {
      const limit = limits.get(provider) ?? pLimit(Math.max(1, provider.concurrency));
      limits.set(provider, limit);
      const open = new Map<string, Call>();
      const unanswered = new Set(messages.map(({ id }) => id));
      const seconds: number[] = [];
      let failuresInRow = 0;
      let seenAt = Date.now();
      let wasHeldUp = false;
      const isHeldUp = () => {
        wasHeldUp ||= Date.now() - seenAt > longestStillMs;
        seenAt = Date.now();
        return wasHeldUp;
      };
      const watch = setInterval(() => {
        for (const call of open.values()) {
          const age = performance.now() - call.startedAt;
          if (age > deadlineMs) call.controller?.abort(new Error("The provider did not answer in time"));
          if (age > deadlineMs + graceMs) call.giveUp();
        }
        isHeldUp();
        renew([...unanswered]).catch((error) => log.warn({ err: error }, "leases of messages could not be renewed"));
      }, lookEveryMs);
      let lookedAt = performance.now();
      let closed: Promise<ReadonlySet<string>> | undefined;
      const isClosed = async ({ id }: OutgoingMessage) => {
        if (performance.now() - lookedAt > lookAgainMs) {
          lookedAt = performance.now();
          closed = findClosed(messages.filter((message) => unanswered.has(message.id)));
        }
        // A contact about whom the database cannot be asked is not written to now.
        return closed === undefined ? false : closed.then((ids) => ids.has(id)).catch(() => true);
      };
      try {
        const handOver = async (message: OutgoingMessage, index: number): Promise<CallResult> => {
          const begun = performance.now();
          try {
            if (failuresInRow >= failuresToClose) return { outcome: "not_called" };
            if (isHeldUp()) return { outcome: "unknown", message: "The worker was held up before it could send" };
            if (await isClosed(message)) return { outcome: "not_called", because: "address" };
            const result = await callOne(provider, message, open);
            if (result.outcome === "rejected" && result.pausesChannel) failuresInRow = failuresToClose;
            else failuresInRow = isFailure(result) ? failuresInRow + 1 : 0;
            return result;
          } finally {
            seconds[index] = (performance.now() - begun) / 1_000;
            unanswered.delete(message.id);
          }
        };
        // One that waits for its moment takes the place of no other.
        const results = leaveIn.some((ms) => ms > 0)
          ? await Promise.all(
              messages.map(async (message, index) => {
                await waitFor(leaveIn[index] ?? 0);
                return limit(handOver, message, index);
              }),
            )
          : await limit.map(messages, handOver);
        const channel = messages[0]?.channel;
        const answered = results.flatMap((result, index) =>
          result.outcome === "not_called" ? [] : [{ result, seconds: seconds[index] ?? 0 }],
        );
        if (channel) {
          meter.calls({
            channel,
            provider: provider.name,
            seconds: answered.map((one) => one.seconds),
            results: answered.map((one) => one.result),
          });
        }
        return results;
      } finally {
        clearInterval(watch);
      }
    },
  };
}

/** Whether the provider is to blame for the result, not the message. Such results count for the circuit breaker. */
export const isFailure = (result: SendResult) =>
  result.outcome === "unknown" || (result.outcome === "rejected" && result.retryable && result.reason !== "no_provider");

/** The part of a provider's error that may be logged: its place in the code. Its message may quote the text and the recipient. */
function placeOf(error: unknown): { errorType: string; at: string[] } {
  if (!(error instanceof Error)) return { errorType: typeof error, at: [] };
  return { errorType: error.name, at: (error.stack ?? "").split("\n").filter((line) => /^\s+at .*[:)]/.test(line)) };
}
