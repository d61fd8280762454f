import type { ChunkExecution, PendingMessage } from "../execution/chunk.ts";
import { cancel, failStep } from "../execution/transitions.ts";
import type { GateAnswer } from "./gate.ts";
import { refuse, retryLater, waitToLeave } from "./message-outcome.ts";

/** Leads an execution on whose message does not leave now. */
export function obeyGate(
  execution: ChunkExecution,
  pending: PendingMessage,
  answer: Exclude<GateAnswer, { verdict: "leaves" }>,
  now: number,
): void {
  switch (answer.verdict) {
    case "never":
      refuse(execution, answer.code, answer.facts);
      break;
    case "fails":
      failStep(execution, pending.node, pending, answer.code, answer.message);
      break;
    case "ends":
      cancel(execution, answer.code);
      break;
    case "later":
      if (answer.code === "pace") execution.leftAlone = "later";
      else if ("until" in answer)
        waitToLeave(execution, answer, answer.code === "outside_window_waiting" || answer.code === "no_sending_hours" ? "window" : "pace");
      else retryLater(execution, answer.error, now);
  }
}
