import pLimit from "p-limit";
import type { Provider } from "#channels/channel.ts";
import type { ChunkExecution, KnownMessage, PendingMessage } from "../execution/chunk.ts";
import { type DoubtVerdict, lookUpDoubt } from "../messages/doubt-lookup.ts";
import { failEffect, passSend } from "../messages/message-outcome.ts";
import type { AtEffect, PassContext } from "./effect.ts";

/** How many messages are looked up at the same time. */
const lookUps = 4;
/** Others may wait with them. */
const longestWaitMs = 10_000;

interface Doubtful extends AtEffect<PendingMessage> {
  known: KnownMessage;
}

/**
 * Looks up the messages of a batch that are in doubt, before any of them may be sent again. Where the provider cannot tell, the
 * rule of the workspace decides. Returns the executions that go no further with their message: it was sent, or it is held, or
 * it is to be looked up later.
 */
export async function settleDoubts(
  pass: PassContext,
  provider: Provider | Error,
  batch: readonly AtEffect<PendingMessage>[],
): Promise<ReadonlySet<ChunkExecution>> {
  const done = new Set<ChunkExecution>();
  const doubtful = batch.flatMap(toDoubtful);
  if (doubtful.length === 0 || provider instanceof Error) return done;
  const verdicts = await pLimit(lookUps).map(doubtful, ({ known }) => lookUpDoubt({ db: pass.db, now: pass.time() }, provider, known.id));
  doubtful.forEach((one, index) => {
    if (leadOn(pass, one, verdicts[index] as DoubtVerdict)) done.add(one.execution);
  });
  return done;
}

/** A message that is to be sent once more although it may have left. One whose step does not say so yet is not touched. */
function toDoubtful(one: AtEffect<PendingMessage>): Doubtful[] {
  const { execution, pending } = one;
  const known = execution.memory.knownMessages?.get(pending.visit);
  const isInDoubt = known?.status === "queued" && known.reason === "outcome_unknown" && known.attempt < pending.attempt;
  return known && isInDoubt && execution.memory.cancel === null ? [{ ...one, known }] : [];
}

/** Returns whether the execution goes no further with its message. */
function leadOn(pass: PassContext, { execution, pending, known }: Doubtful, verdict: DoubtVerdict): boolean {
  const output = { messageId: known.id, provider: known.provider };
  if (verdict.outcome !== "later") pass.log.info({ messageId: known.id, outcome: verdict.outcome }, "a message in doubt was looked up");
  switch (verdict.outcome) {
    case "sent":
      passSend(execution, output, pass.time());
      return true;
    case "later":
      execution.leftAlone = "later";
      pass.waitMs = Math.max(pass.waitMs, Math.min(verdict.afterMs, longestWaitMs));
      return true;
    case "unknown":
      if (execution.send.doubtRules[pending.draft.channel] === "resend") return false;
      failEffect(execution, "outcome_unknown", verdict.message, output, pass.time());
      return true;
    case "not_left":
      return false;
  }
}
