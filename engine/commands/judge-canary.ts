import type { CanaryFinding, CanarySeen, CanaryTerms } from "#contract/send-canary.ts";

export interface WatchedCanary extends Pick<CanaryTerms, "minutes" | "failurePercent" | "optOutPercent"> {
  few: number;
  /** Whether the flow has a step that sends. */
  hasMessages: boolean;
  seen: CanarySeen;
  /** In milliseconds since 1970. */
  watchedSince: number | null;
}

export interface CanaryVerdict {
  /** Since when the few are watched, in milliseconds since 1970; null while that has not begun. */
  watchedSince: number | null;
  decision: "wait" | "open" | "hold";
  findings: CanaryFinding[];
}

/**
 * Whether the rest of a send follows its few.
 *
 *   more failed, opted out or wrote a stop word than may → held, at once
 *   not all have begun, none has come to a message, or one stands at a message that has not left → the time has not begun
 *   the time is over → the rest follows; held where the flow sends and nothing has left for any of them
 *
 * Each share is of all the few: of 25 a single one is 4 %.
 */
export function judgeCanary(canary: WatchedCanary, now: number): CanaryVerdict {
  const { few, seen, minutes, hasMessages } = canary;
  const findings: CanaryFinding[] = [];
  const exceeds = (contacts: number, percent: number) => contacts * 100 > percent * few;
  if (exceeds(seen.failed, canary.failurePercent)) findings.push({ what: "failures", contacts: seen.failed });
  if (exceeds(seen.optedOut, canary.optOutPercent)) findings.push({ what: "opt_outs", contacts: seen.optedOut });
  if (seen.maybeStop > 0) findings.push({ what: "stop_words", contacts: seen.maybeStop });
  const watchedSince = canary.watchedSince ?? (canBeWatched(canary) ? now : null);
  if (findings.length > 0) return { watchedSince, decision: "hold", findings };
  if (watchedSince === null || now < watchedSince + minutes * 60_000) return { watchedSince, decision: "wait", findings };
  if (hasMessages && seen.sent === 0) return { watchedSince, decision: "hold", findings: [{ what: "nothing_sent", contacts: few }] };
  return { watchedSince, decision: "open", findings };
}

/** Whether there is something to watch: all have begun, and what they were sent first has left. */
function canBeWatched({ few, seen, hasMessages }: WatchedCanary): boolean {
  if (seen.begun < few || seen.waiting > 0) return false;
  return !hasMessages || seen.sent + seen.skipped + seen.failed > 0 || seen.ended === few;
}
