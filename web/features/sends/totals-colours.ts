import type { TotalsPart } from "./send-totals.ts";

/**
 * The colour of each part, in the bar and in its legend. What has not come to an end has the colour of the empty bar, so
 * that nothing looks done at 0 %.
 */
export const totalsColours: Record<TotalsPart["key"], string> = {
  completed: "status.completed",
  captured: "status.captured",
  unreached: "fg.warning",
  active: "bg.emphasized",
  partialFailure: "status.partial_failure",
  failed: "status.failed",
  cancelled: "border.control",
  notEnrolled: "border.emphasized",
  unread: "bg.emphasized",
};
