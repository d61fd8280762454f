import { reasons } from "#contract/reasons.ts";
import type { ChunkExecution } from "./chunk.ts";
import { failEffect, passSend } from "./send-outcome.ts";

/**
 * Whether this message was already dealt with by a pass that did not live to say so. A row that is there is never sent
 * a second time, unless it says itself that nothing was sent (`queued`).
 */
export function recallMessage(execution: ChunkExecution, now: number): boolean {
  const known = execution.pending ? execution.knownMessages?.get(execution.pending.visit) : undefined;
  if (!known || known.status === "queued") return false;
  const output = { messageId: known.id, provider: known.provider };
  switch (known.status) {
    case "sending":
      // Another worker is calling at this moment, or was until a moment ago.
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
      failEffect(execution, "outcome_unknown", known.errorMessage ?? reasons.outcome_unknown.text, output, now);
  }
  return true;
}
