import type { Reason } from "#contract/reasons.ts";
import { reasons } from "#contract/reasons.ts";
import type { ChunkExecution, Pending } from "./chunk.ts";
import { NonRetriableError, type Output } from "./executor.ts";
import type { CallResult } from "./provider-calls.ts";
import type { MessageResult } from "./sql/message-results.ts";
import { leave, rest } from "./walk.ts";

/** Seconds until the next try, by the number of tries made, where the provider said that nothing was sent. */
export const retrySeconds = [10, 30, 120, 600, 1800] as const;

/** The message must not leave: the step is skipped, which is not a failure, and the flow goes on. */
export function refuse(execution: ChunkExecution, reason: Reason, result?: Output): void {
  const { node, visit, attempt, startedAt } = pendingOf(execution);
  drop(execution, visit, reason);
  const exit = node.exits.includes("skipped") ? "skipped" : (node.exits[0] ?? null);
  leave(execution, node, { visit, startedAt }, { status: "skipped", exit, reason, attempt, result });
}

/** How the provider of a channel could not be found out; only what says so itself is for good. */
export function retryLater(execution: ChunkExecution, error: Error, now: number): void {
  if (error instanceof NonRetriableError) refuse(execution, error.reason);
  else tryAgain(execution, "provider_unavailable", "The provider of this channel could not be loaded", now);
}

/** Waits for the next try, or fails when there have been enough. Says which. */
function tryAgain(execution: ChunkExecution, reason: Reason, message: string, now: number, afterMs = 0): "queued" | "failed" {
  const { node, visit, attempt, startedAt } = pendingOf(execution);
  const seconds = retrySeconds[attempt - 1];
  if (seconds === undefined) {
    failEffect(execution, reason, message, undefined, now);
    return "failed";
  }
  rest(
    execution,
    node,
    { visit, startedAt, attempt },
    { until: new Date(now + (afterMs || seconds * 1000)), for: "capacity", reason, errorMessage: message },
  );
  return "queued";
}

/** A message of an earlier try must not wait for ever for a later one that is not to be. */
function drop(execution: ChunkExecution, visit: number, reason: Reason): void {
  if (execution.knownMessages?.get(visit)?.status === "queued") execution.dropped.push({ visit, reason });
}

/** The effect did not come to pass: the flow stops, or goes on by the exit for failures. */
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
    execution.ending = { status: "failed", reason, errorMessage: message, result: { steps: visit, lastNode: node.id } };
  }
}

export function passSend(execution: ChunkExecution, result: Output, now: number): void {
  const { node, visit, attempt, startedAt } = pendingOf(execution);
  leave(execution, node, { visit, startedAt }, { status: "completed", exit: node.exits[0] ?? null, attempt, result, completedAt: now });
}

/** Moves the execution on by what the provider said, and returns what is to be kept of it with the message. */
export function applyResult(
  execution: ChunkExecution,
  result: CallResult,
  sent: { messageId: string; provider: string; now: number },
): MessageResult {
  const { messageId, provider, now } = sent;
  const kept = { messageId, reason: null, errorMessage: null, providerMessageId: null };
  const output = { messageId, provider };
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
      // Whoever sends this again may send it twice; so nobody does, and a person sees it.
      failEffect(execution, "outcome_unknown", clean(result.message) || reasons.outcome_unknown.text, output, now);
      return { ...kept, status: "unknown", reason: "outcome_unknown", errorMessage: clean(result.message) };
    case "rejected": {
      const errorMessage = clean(result.message);
      if (result.retryable) {
        return {
          ...kept,
          status: tryAgain(execution, result.reason, errorMessage, now, result.retryAfterMs),
          reason: result.reason,
          errorMessage,
        };
      }
      failEffect(execution, result.reason, errorMessage, output, now);
      return { ...kept, status: "failed", reason: result.reason, errorMessage };
    }
  }
}

/** What the other side says is kept, but not at any length and without what Postgres cannot store. */
const clean = (text: string) => text.replaceAll("\0", "").toWellFormed().slice(0, 500).toWellFormed();

function pendingOf(execution: ChunkExecution): Pending {
  if (!execution.pending) throw new Error("An execution that does not stand at a message was told what became of it");
  return execution.pending;
}
