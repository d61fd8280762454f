import type { MessageCount, Send } from "#contract/sends.ts";
import { formatCount } from "#ui/format.ts";
import type { StatusName } from "#ui/theme-tokens.ts";
import { sendStateLabels } from "./send-words.ts";

/** A send with what it has come to; the queue knows only of sends that are not over, and not what they have come to. */
export type SendOutcome = Pick<Send, "state"> & Partial<Pick<Send, "failed" | "partialFailure" | "reached" | "unreached">>;

/** How a send has gone that is over. It is green only if nothing failed and everybody could be written to. */
export function doneBadge({ state, failed = 0, partialFailure = 0, reached, unreached }: SendOutcome): {
  status: StatusName;
  label: string;
} {
  if (state !== "done") return { status: state, label: sendStateLabels[state] };
  if (reached === 0 && (unreached ?? 0) > 0) return { status: "failed", label: "Nobody reached" };
  if (failed + partialFailure > 0) return { status: "partial_failure", label: "Done with errors" };
  if ((unreached ?? 0) > 0) return { status: "partial_failure", label: `Done, ${formatCount(unreached ?? 0)} not reached` };
  return { status: "done", label: sendStateLabels.done };
}

export interface ChannelTotals {
  channel: MessageCount["channel"];
  sent: number;
  /** All that did not leave, the most frequent reason first. */
  missed: { reason: NonNullable<MessageCount["reason"]>; count: number }[];
}

/** The messages of a send, channel by channel. A reason for which some were skipped and some failed is one reason. */
export function channelTotals(counts: readonly MessageCount[]): ChannelTotals[] {
  const byChannel = Map.groupBy(counts, ({ channel }) => channel);
  return [...byChannel].map(([channel, all]) => {
    const byReason = Map.groupBy(
      all.filter(({ outcome }) => outcome !== "sent"),
      ({ reason }) => reason ?? "internal",
    );
    return {
      channel,
      sent: all.filter(({ outcome }) => outcome === "sent").reduce((sum, { count }) => sum + count, 0),
      missed: [...byReason]
        .map(([reason, of]) => ({ reason, count: of.reduce((sum, { count }) => sum + count, 0) }))
        .toSorted((a, b) => b.count - a.count),
    };
  });
}
