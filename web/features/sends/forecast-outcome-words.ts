import { type Reason, reasons } from "#contract/reasons.ts";
import type { DifferingContact, SendForecast } from "#contract/send-forecasts.ts";

type Outcome = Pick<SendForecast["outcomes"][number], "nodeId" | "status" | "reason">;

/** How a visit ended, in a few words: "Skipped: No phone number". */
export function outcomeWords({ nodeId, status, reason }: Outcome, isMessage: boolean): string {
  const because = (words: string, why: Reason | null) => (why === null ? words : `${words}: ${reasons[why].text}`);
  if (nodeId === null) return status === "completed" ? "Started" : because("Did not start", reason);
  if (status === "completed") return isMessage ? "Message left" : "Passed";
  return because({ skipped: "Skipped", failed: "Failed", waiting: "Waits", running: "Runs" }[status], reason);
}

/** What the rows tell of why a contact went another way. Empty where they tell nothing. */
export function becauseWords({ isNew, isGone, replied, changed }: DifferingContact["because"], flowChanged: boolean): string[] {
  if (isNew) return ["was not among those looked at"];
  if (isGone) return ["did not match the selection any more"];
  return [
    ...(flowChanged ? ["the flow was changed"] : []),
    ...(replied ? ["has replied"] : []),
    ...(changed ? ["was changed since, by a person or a flow"] : []),
  ];
}
