import { type Execution, type ExecutionStatus, isCaptured, isUnreached, type WaitingFor } from "#contract/executions.ts";
import { momentWords, zoneName } from "#ui/format.ts";
import { isOverdue } from "#web/lib/overdue.ts";

/** The states a badge can show. The five beyond the stored statuses are derived, never stored. */
export type ExecutionStateKind = ExecutionStatus | "scheduled" | "waiting" | "held" | "unreached" | "captured";

export interface ExecutionState {
  kind: ExecutionStateKind;
  /** The word on the badge. */
  label: string;
  /** The detail after the label: "until tomorrow 9:00 (Chicago)". */
  detail: string | null;
  /** Both, as one sentence. */
  sentence: string;
}

type Facts = Pick<Execution, "status" | "wakeAt" | "waitingFor" | "reached" | "missed">;

const labels: Record<ExecutionStateKind, string> = {
  pending: "Pending",
  running: "Running",
  completed: "Completed",
  failed: "Failed",
  cancelled: "Cancelled",
  partial_failure: "Finished with errors",
  scheduled: "Scheduled",
  waiting: "Waiting",
  held: "Held",
  unreached: "Nothing sent",
  captured: "Test only, not sent",
};

const waits: Record<Exclude<WaitingFor, "time">, string> = {
  reply: "for a reply",
  event: "for an event",
  window: "for the sending hours",
  pace: "for its turn at the sender",
  capacity: "for the next try",
  hold: "until the first messages are checked",
  call: "for the answer of a webhook",
  child: "for another flow",
};

export const isActive = (status: ExecutionStatus): boolean => status === "pending" || status === "running";

/** How an execution stands, in the words of the history. `zone` is the workspace's, and is always named. */
export const executionState = (execution: Facts, now: number, zone: string): ExecutionState => {
  const kind = kindOf(execution);
  const label = labels[kind];
  const what = isDerived(kind) && execution.waitingFor && execution.waitingFor !== "time" ? waits[execution.waitingFor] : null;
  const when = isDerived(kind) && execution.wakeAt ? whenWords(execution.wakeAt, kind, now, zone) : null;
  const isRetry = execution.waitingFor === "capacity" && when !== null;
  const detail = isRetry ? `next try ${when.replace(/^until /, "")}` : [what, when].filter((part) => part !== null).join(", ") || null;
  // "Waiting, due since 9:00", but "Waiting until 9:00".
  const separator = isRetry || detail?.startsWith("due ") ? ", " : " ";
  return { kind, label, detail, sentence: detail ? `${label}${separator}${detail}` : label };
};

const isDerived = (kind: ExecutionStateKind): boolean => kind === "scheduled" || kind === "waiting" || kind === "held";

const kindOf = ({ status, wakeAt, waitingFor, reached, missed }: Facts): ExecutionStateKind => {
  // It came to its end, but not one of its messages left: that is no success.
  if (status === "completed" && isUnreached({ reached, missed })) return "unreached";
  if (status === "completed" && isCaptured({ reached, missed })) return "captured";
  if (!isActive(status)) return status;
  if (waitingFor === "hold") return "held";
  if (status === "pending") return wakeAt ? "scheduled" : "pending";
  return wakeAt || waitingFor ? "waiting" : "running";
};

/** A moment that has passed is not a plan any more: saying "until" of it would be untrue. */
const whenWords = (wakeAt: string, kind: ExecutionStateKind, now: number, zone: string): string => {
  const moment = `${momentWords(wakeAt, now, zone)} (${zoneName(zone)})`;
  if (isOverdue(wakeAt, now)) return `due since ${moment}`;
  return kind === "scheduled" ? `for ${moment}` : `until ${moment}`;
};
