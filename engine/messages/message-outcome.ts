import type { Reason } from "#contract/reasons.ts";
import { reasons } from "#contract/reasons.ts";
import { storableText } from "#contract/storable.ts";
import type { ChunkExecution, Pending } from "../execution/chunk.ts";
import type { MessageResult } from "../execution/message-rows.ts";
import { leave, rest } from "../execution/transitions.ts";
import { NonRetriableError, type Output } from "../flow/node-executor.ts";
import type { CallResult } from "./provider-calls.ts";

/** Seconds until the next try, by the number of tries made, where the provider said that nothing was sent. */
export const retrySeconds = [10, 30, 120, 600, 1800] as const;

/**
 * The message must not leave: the step is skipped, which is not a failure, and the flow goes on. Where a retry tries a
 * message again that had failed, the message still has not come to pass. So its step fails, and the execution ends as a
 * partial failure although the flow goes on.
 */
export function refuse(execution: ChunkExecution, reason: Reason, result?: Output): void {
  const { node, visit, attempt, startedAt } = pendingOf(execution);
  drop(execution, visit, reason);
  const exit = node.exits.includes("skipped") ? "skipped" : (node.exits[0] ?? null);
  leave(
    execution,
    node,
    { visit, startedAt },
    {
      status: execution.row.retriedVisit === visit ? "failed" : "skipped",
      ...{ exit, reason, attempt, result },
    },
  );
}

/**
 * The message waits for the hours of the place or for its sender. A wait that is prolonged, because it still may not leave when it
 * wakes, stays the same step. A wait takes one try of those that the message has.
 */
export function waitToLeave(
  execution: ChunkExecution,
  { until, code, facts }: { until: Date; code: Reason; facts: Output },
  what: "window" | "pace",
): void {
  const { node, visit, attempt, startedAt } = pendingOf(execution);
  const { cursor, writes } = execution;
  if (cursor.resumed !== what) {
    rest(execution, node, { visit, startedAt, attempt }, { until, for: what, reason: code, result: facts });
    return;
  }
  writes.closedStep = undefined;
  writes.pending = undefined;
  writes.wait = { until, for: what };
}

/** The provider could not be loaded. The message is tried again later, unless the error says that this is for good. */
export function retryLater(execution: ChunkExecution, error: Error, now: number): void {
  if (error instanceof NonRetriableError) refuse(execution, error.reason);
  else tryAgain(execution, "provider_unavailable", "The provider of this channel could not be loaded", now);
}

const hasTriesLeft = ({ attempt }: Pending) => attempt <= retrySeconds.length;

/** Puts the execution to rest until the next try, or fails the message when there have been enough tries. */
export function tryAgain(execution: ChunkExecution, reason: Reason, message: string, now: number, afterMs = 0): void {
  const { node, visit, attempt, startedAt } = pendingOf(execution);
  const seconds = retrySeconds[attempt - 1];
  if (seconds === undefined) {
    failEffect(execution, reason, message, undefined, now);
    return;
  }
  rest(
    execution,
    node,
    { visit, startedAt, attempt },
    { until: new Date(now + (afterMs || seconds * 1000)), for: "capacity", reason, errorMessage: message },
  );
}

/**
 * Closes a message that waits for another try, because there will be none. A pass that has not read what earlier ones left does not
 * know whether there is one: a channel that closed, or a STOP, has left it without a try.
 */
function drop(execution: ChunkExecution, visit: number, reason: Reason): void {
  const { knownMessages } = execution.memory;
  if (knownMessages === undefined || knownMessages.get(visit)?.status === "queued") execution.writes.dropped.push({ visit, reason });
}

/** The effect failed: the flow stops, or goes on by the exit for failures. */
export function failEffect(execution: ChunkExecution, reason: Reason, message: string, result: Output | undefined, now: number): void {
  const { node, visit, attempt, startedAt, onError } = pendingOf(execution);
  drop(execution, visit, reason);
  const exit = onError === "continue" ? (node.exits.includes("failed") ? "failed" : (node.exits[0] ?? null)) : null;
  leave(
    execution,
    node,
    { visit, startedAt },
    { status: "failed", exit, reason, attempt, errorMessage: message, result, completedAt: now },
  );
  if (onError === "stop") {
    execution.writes.ending = { status: "failed", reason, errorMessage: message, result: { steps: visit, lastNode: node.id } };
  }
}

/** The message was sent: the flow goes on. */
export function passSend(execution: ChunkExecution, result: Output, now: number): void {
  const { node, visit, attempt, startedAt } = pendingOf(execution);
  leave(execution, node, { visit, startedAt }, { status: "completed", exit: node.exits[0] ?? null, attempt, result, completedAt: now });
}

interface Sent {
  messageId: string;
  /** Whether it may have left at an earlier try. */
  wasInDoubt: boolean;
  provider: string;
  /** Milliseconds before the provider can tell about a message in doubt; 0 where it cannot. */
  lookUpAfterMs: number;
  now: number;
  /** What the gate keeps with the step. */
  facts?: Output | undefined;
}

/** Moves the execution on by what the provider said, and returns what is to be kept of it with the message. */
export function applyResult(execution: ChunkExecution, result: CallResult, sent: Sent): MessageResult {
  const { messageId, provider, now } = sent;
  const pending = pendingOf(execution);
  const { attempt } = pending;
  const kept = { messageId, attempt, reason: null, errorMessage: null, providerMessageId: null };
  const output = { messageId, provider, ...sent.facts };
  switch (result.outcome) {
    case "accepted": {
      const providerMessageId = clean(result.providerMessageId);
      passSend(execution, output, now);
      return { ...kept, status: "sent", providerMessageId: providerMessageId === messageId ? null : providerMessageId };
    }
    case "not_called":
      // It stays where it is, without having used up a try.
      execution.leftAlone = "later";
      return { ...kept, status: "queued", reason: "provider_unavailable" };
    case "unknown":
      return { ...kept, ...inDoubt(execution, clean(result.message) || reasons.outcome_unknown.text, sent) };
    case "rejected": {
      const errorMessage = clean(result.message);
      if (result.costsTry === false) {
        // It stays where it is until the channel opens again, however long that takes.
        execution.leftAlone = "later";
        return { ...kept, status: "queued", reason: result.reason, errorMessage };
      }
      if (result.retryable && hasTriesLeft(pending)) {
        tryAgain(execution, result.reason, errorMessage, now, result.retryAfterMs);
        return { ...kept, status: "queued", reason: result.reason, errorMessage };
      }
      // This try did not send it, but an earlier one may have.
      if (sent.wasInDoubt) return { ...kept, ...inDoubt(execution, errorMessage, sent) };
      failEffect(execution, result.reason, errorMessage, output, now);
      return { ...kept, status: "failed", reason: result.reason, errorMessage };
    }
  }
}

/**
 * Sending it again may be sending it twice. So it is held for a person, unless the provider can tell in a while whether it has
 * it, or the workspace wants such messages sent once more.
 */
function inDoubt(execution: ChunkExecution, errorMessage: string, { messageId, wasInDoubt, provider, lookUpAfterMs, now }: Sent) {
  const pending = pendingOf(execution);
  const reason = "outcome_unknown" as const;
  const rule = pending.kind === "message" ? execution.send.doubtRules[pending.draft.channel] : "hold";
  if ((rule === "resend" || lookUpAfterMs > 0) && !wasInDoubt && hasTriesLeft(pending)) {
    tryAgain(execution, reason, errorMessage, now, lookUpAfterMs);
    return { status: "queued", reason, errorMessage } as const;
  }
  failEffect(execution, reason, errorMessage, { messageId, provider }, now);
  return { status: "unknown", reason, errorMessage } as const;
}

/** A text of the provider, cut to 500 characters and without what Postgres cannot store. */
const clean = (text: string) => storableText(storableText(text).slice(0, 500));

function pendingOf(execution: ChunkExecution): Pending {
  if (!execution.writes.pending) throw new Error("An execution that does not stand at a message was told what became of it");
  return execution.writes.pending;
}
