import { reasons } from "#contract/reasons.ts";
import type { ChunkExecution, KnownMessage } from "../execution/chunk.ts";
import { failEffect, passSend, tryAgain } from "./message-outcome.ts";

/**
 * Leads the execution on by a message row that an earlier pass left, and returns whether there was one. A message that has
 * a row is not sent a second time, unless the row says that it is to be (`queued`).
 *
 * @param lookUpAfterMs milliseconds before the provider can tell about one in doubt; 0 where it cannot
 */
export function recallMessage(execution: ChunkExecution, now: number, lookUpAfterMs: number): boolean {
  const {
    writes: { pending },
  } = execution;
  const known = pending && execution.memory.knownMessages?.get(pending.visit);
  if (!known) return false;
  const output = { messageId: known.id, provider: known.provider };
  const doubt = known.errorMessage ?? reasons.outcome_unknown.text;
  switch (known.status) {
    case "queued":
      // It is in doubt since this very try. The history must say so before it is sent once more.
      if (known.reason !== "outcome_unknown" || known.attempt < pending.attempt) return false;
      if (execution.memory.cancel === null) tryAgain(execution, "outcome_unknown", doubt, now, untilLookUp(known, now, lookUpAfterMs));
      else failEffect(execution, "outcome_unknown", doubt, output, now);
      break;
    case "sending":
      // Another worker is calling now, or was until a moment ago.
      execution.leftAlone = "taken";
      break;
    case "sent":
    case "delivered":
    case "undelivered":
      passSend(execution, output, now);
      break;
    case "failed":
      failEffect(execution, known.reason ?? "provider_rejected", known.errorMessage ?? reasons.provider_rejected.text, output, now);
      break;
    case "unknown":
    case "held":
      failEffect(execution, "outcome_unknown", doubt, output, now);
  }
  return true;
}

/** What is in doubt for long can be looked up at once. */
const untilLookUp = ({ doubtAt }: KnownMessage, now: number, afterMs: number) =>
  afterMs === 0 ? 0 : Math.max(1_000, afterMs - (doubtAt ? now - doubtAt.getTime() : 0));
