import type { PlannedExecution } from "#contract/contact-plan.ts";
import { reasons } from "#contract/reasons.ts";
import { momentWords } from "#ui/format.ts";

type Step = PlannedExecution["steps"][number];

/** Below this many milliseconds a moment is now. */
const soonMs = 60_000;
const momentOf = (iso: string, now: number, zone: string) =>
  Date.parse(iso) - now < soonMs ? "then at once" : momentWords(iso, now, zone);

const assumed: Record<NonNullable<Step["assumed"]>, string> = {
  nobody_acts: "if nothing happens until then",
  webhook_succeeds: "if the webhook succeeds",
  other_flow_starts: "the other flow is not looked at",
};

/** A planned step in words: when, what, and on which condition. */
export function stepLine(step: Step, now: number, zone: string): { when: string; what: string; note: string | null } {
  const refused = step.status === "skipped" || step.status === "failed";
  const rests = step.until === null || step.until === step.at ? null : `until ${momentWords(step.until, now, zone)}`;
  const notes = [
    refused ? `would be ${step.status}${step.reason ? `: ${reasons[step.reason].text}` : ""}` : null,
    rests,
    step.assumed ? assumed[step.assumed] : null,
  ].filter((note) => note !== null);
  return { when: momentOf(step.at, now, zone), what: step.label, note: notes.join(", ") || null };
}

/** How the flow ends for the contact; null where that is not known. */
export function endLine({ end }: PlannedExecution, now: number, zone: string): string | null {
  if (!end) return null;
  const why = end.reason ? `: ${reasons[end.reason].text}` : "";
  const what =
    end.status === "completed" ? "The flow ends" : end.status === "partial_failure" ? "The flow ends with errors" : "The flow stops";
  return `${what}, ${momentOf(end.at, now, zone)}${why}`;
}
