import { staysHere } from "#channels/stays-here.ts";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { ReadyNode } from "../flow/flow-graph.ts";
import type { NodeRegistry } from "../flow/node-registry.ts";
import type { ChunkExecution, MessageOutcome, Reach, StepRecord } from "./chunk.ts";
import type { Progress } from "./counter-rows.ts";

/**
 * Notes what became of a message when its execution goes on from the node that sends it. The notes are written with the
 * cursor, which moves over each visit once. So they count each message once, however often a pass dies and is repeated.
 */
export function tallyMessage(
  { writes }: ChunkExecution,
  node: Pick<ReadyNode, "definition"> | undefined,
  { status, reason, result }: Pick<StepRecord, "status" | "reason" | "result">,
): void {
  const channel = node?.definition.channel;
  if (channel === undefined) return;
  if (status === "completed") writes.tally.push(passed(channel, result?.provider));
  else if (status === "skipped" || status === "failed") writes.tally.push(notPassed(channel, status, reason));
}

/** The provider took the message. One that keeps it on this machine has sent nothing, so nobody was reached. */
const passed = (channel: Channel, provider: unknown): MessageOutcome =>
  typeof provider === "string" && staysHere(provider)
    ? { channel, outcome: "captured", reason: "test_mode" }
    : { channel, outcome: "sent", reason: null };

export const notPassed = (channel: Channel, outcome: "skipped" | "failed", reason: Reason | null): MessageOutcome => ({
  channel,
  outcome,
  reason: reason ?? "internal",
});

export function addToReach(before: Reach, tally: readonly MessageOutcome[]): Reach {
  if (tally.length === 0) return before;
  const missed = tally.flatMap(({ channel, reason }) => (reason === null ? [] : [`${channel}:${reason}`]));
  return {
    reached: before.reached || tally.some(({ outcome }) => outcome === "sent"),
    missed: [...new Set([...before.missed, ...missed])],
  };
}

/** What an execution adds to the counters of its send with what is written of it now; nothing where it sent nothing and goes on. */
export function toProgress({ send, row: { reach }, writes: { ending, tally } }: ChunkExecution): Progress[] {
  if (!ending && tally.length === 0) return [];
  return [{ sendId: send.id, status: ending?.status ?? null, before: reach, after: addToReach(reach, tally), tally }];
}

/** The channel of each node type that sends. */
export const channelsByType = ({ definitions }: NodeRegistry): Record<string, Channel> =>
  Object.fromEntries(Object.values(definitions).flatMap(({ type, channel }) => (channel === undefined ? [] : [[type, channel]])));
