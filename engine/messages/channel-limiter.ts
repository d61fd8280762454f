import type { Logger } from "pino";
import type { SendResult } from "#channels/channel.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import type { LimitedChannel } from "./channel-limiter-rows.ts";
import { countFailures, failuresToClose, reopen, takeTokens } from "./channel-limiter-rows.ts";
import type { CallResult } from "./provider-calls.ts";
import { isFailure } from "./provider-calls.ts";
import { withoutAddresses } from "./provider-words.ts";
import { type Allowance, createWorkspaceLimiter } from "./workspace-limiter.ts";

/**
 * How fast a channel of a workspace may send, and whether it may at all, for all workers together:
 *
 *   open ──ten failures in a row, a refusal of the sender, or the provider asks for a rest──▶ closed ──time is over──▶ one message tries
 *     ▲                                                                 ▲                        │       │
 *     └────────────────────────────── it is answered ───────────────────┼────────────────────────┘       │
 *                                                                       └────────── it fails ────────────┘
 *
 * Beside the channel, the workspace has limits of messages within an hour and within a day; see workspace-limiter.ts.
 * A message that may not be sent yet waits as a row with a due time; no worker waits for it.
 */
export interface ChannelLimiter {
  /**
   * How many of `wanted` messages may be handed over now; for the others, in how many milliseconds to ask again. Those of them that wait
   * for the next day are the last ones.
   */
  acquire(place: LimitedChannel, wanted: number): Promise<Allowance>;
  /** Reports the results of messages that were granted. */
  report(place: LimitedChannel, results: readonly CallResult[]): Promise<void>;
}

/** A channel without a limit is not asked about again for this long, so a new limit takes effect within a second. */
const trustedMs = 1_000;

export function createChannelLimiter({ db, clock, log }: { db: Db; clock: Clock; log: Logger }): ChannelLimiter {
  const freeUntil = new Map<string, number>();
  const keyOf = ({ workspaceId, channel }: LimitedChannel) => `${channel} ${workspaceId}`;
  const whole = createWorkspaceLimiter({ db, clock });

  async function acquireTokens(place: LimitedChannel, wanted: number) {
    const key = keyOf(place);
    if ((freeUntil.get(key) ?? 0) > performance.now()) return { granted: wanted, waitMs: 0 };
    const entry = await takeTokens(db, place, wanted, clock);
    if (entry.is_free) freeUntil.set(key, performance.now() + trustedMs);
    else freeUntil.delete(key);
    return { granted: entry.granted, waitMs: entry.wait_ms };
  }

  return {
    async acquire(place, wanted) {
      const room = await whole.acquire(place.workspaceId, wanted);
      if (room.granted === 0) return room;
      const { granted, waitMs } = await acquireTokens(place, room.granted);
      whole.giveBack(place.workspaceId, room.granted - granted);
      return { ...room, granted, waitMs: Math.max(waitMs, room.waitMs) };
    },

    async report(place, results) {
      const answers = results.filter((result): result is SendResult => result.outcome !== "not_called");
      const restMs = Math.max(0, ...answers.map(restAskedFor));
      const lastGood = answers.findLastIndex((result) => !isFailure(result));
      const count = answers.length - 1 - lastGood;
      const key = keyOf(place);
      // If no failure was counted against the channel, nothing needs to be written.
      if (lastGood >= 0 && !freeUntil.has(key) && restMs === 0) await reopen(db, place);
      if (count === 0 && restMs === 0) return;
      freeUntil.delete(key);
      const failures = answers.slice(lastGood + 1);
      const pauses = failures.some((answer) => answer.outcome === "rejected" && answer.pausesChannel === true);
      await countFailures(db, place, { count, restMs, pauses, ...troubleOf(failures) }, clock);
      if (count >= failuresToClose) log.warn({ ...place, failures: count }, "a channel rests: its provider failed again and again");
    },
  };
}

/** Picks the failure to report: the refusal that pauses the channel, or else the last failure. Addresses of people are removed from it. */
function troubleOf(failures: readonly SendResult[]): { reason: Reason; text: string } {
  const told = failures.find((result) => result.outcome === "rejected" && result.pausesChannel) ?? failures.at(-1);
  if (!told || told.outcome === "accepted") return { reason: "provider_unavailable", text: "" };
  const reason = told.outcome === "unknown" ? "outcome_unknown" : told.reason;
  return { reason, text: withoutAddresses(told.message) };
}

const restAskedFor = (result: SendResult) => (result.outcome === "rejected" && result.retryable ? (result.retryAfterMs ?? 0) : 0);
