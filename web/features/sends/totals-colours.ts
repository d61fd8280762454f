import type { TotalsPart } from "./send-totals.ts";

/** The colour of each part, in the bar and in its legend. */
export const totalsColours: Record<TotalsPart["key"], string> = {
  completed: "status.completed",
  active: "status.running",
  partialFailure: "status.partial_failure",
  failed: "status.failed",
  cancelled: "border.control",
  notEnrolled: "border.emphasized",
  unread: "bg.emphasized",
};
