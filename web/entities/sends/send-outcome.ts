import { reasons } from "#contract/reasons.ts";
import { isSendOver, type MessageCount, type Send } from "#contract/sends.ts";
import { formatCount } from "#ui/format.ts";
import type { StatusName } from "#ui/theme-tokens.ts";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { sendStateLabels } from "./send-words.ts";

/** A send with what it has come to; the queue knows only of sends that are not over, and not what they have come to. */
export type SendOutcome = Pick<Send, "state"> &
  Partial<
    Pick<
      Send,
      | "approval"
      | "enrolled"
      | "cancelled"
      | "failed"
      | "partialFailure"
      | "reached"
      | "unreached"
      | "captured"
      | "messageCounts"
      | "canary"
    >
  >;

/** How a send has gone that is over. It is green only if nothing failed, everybody could be written to, and nothing was test only. */
export function doneBadge(send: SendOutcome): { status: StatusName; label: string } {
  const { state, failed = 0, partialFailure = 0, reached, unreached } = send;
  if (state === "awaiting_approval") return { status: "held", label: sendStateLabels[state] };
  if (send.approval === "refused") return { status: "stopped", label: "Refused" };
  if (send.approval === "withdrawn") return { status: "undone", label: "Withdrawn" };
  if (state === "canary" && send.canary?.heldAt) return { status: "held", label: "Held after the first" };
  if (state !== "done") return { status: state, label: sendStateLabels[state] };
  if (hasNobodyLeft(send)) return { status: "cancelled", label: send.enrolled === 0 ? "Nobody enrolled" : "All cancelled" };
  const captured = send.captured ?? 0;
  if (reached === 0 && captured === 0 && (unreached ?? 0) > 0) return { status: "failed", label: "Nobody reached" };
  if (failed + partialFailure > 0) return { status: "partial_failure", label: "Done with errors" };
  // Beside messages that nobody was meant to get, those without an address are told on the page of the send.
  if (reached === 0 && captured > 0) return { status: "captured", label: reasons.test_mode.text };
  if ((unreached ?? 0) > 0) return { status: "partial_failure", label: `Done, ${formatCount(unreached ?? 0)} not reached` };
  if (captured > 0) return { status: "captured", label: `Done, ${formatCount(captured)} test only` };
  const [channel] = capturedChannels(send.messageCounts ?? []);
  if (channel) return { status: "captured", label: `Done, ${channelLook[channel].noun} test only` };
  return { status: "done", label: sendStateLabels.done };
}

/** The channels of which a message was only kept on this machine. */
export const capturedChannels = (counts: readonly MessageCount[]): MessageCount["channel"][] => [
  ...new Set(counts.flatMap(({ channel, outcome }) => (outcome === "captured" ? [channel] : []))),
];

/** Whether a send is over without anybody going through it: nobody was enrolled, or all were taken out before a message left. */
export const hasNobodyLeft = ({ state, enrolled, cancelled, reached }: SendOutcome): boolean =>
  isSendOver(state) && enrolled !== undefined && enrolled === cancelled && !reached;

export interface ChannelTotals {
  channel: MessageCount["channel"];
  sent: number;
  /** All that did not leave, the most frequent reason first; those that were only kept here have the reason `test_mode`. */
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
