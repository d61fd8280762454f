import { type Channel, channels } from "#contract/messages.ts";
import { type Reason, reasons } from "#contract/reasons.ts";

const nouns: Record<Channel, string> = { sms: "SMS", email: "e-mail" };

/** On which channels marketing can reach a contact, and what keeps it from the others. */
export function reachWords(reach: Record<Channel, Reason | null>): string {
  const open = channels.filter((channel) => reach[channel] === null).map((channel) => nouns[channel]);
  const closed = closedWords(reach, channels);
  if (closed === "") return `Can receive ${open.join(" and ")}`;
  return `${open.length === 0 ? "Can receive nothing." : `Can receive ${open.join(" and ")}.`} ${closed}`;
}

/** What keeps marketing from a contact on these channels; empty where nothing does. */
export const closedWords = (reach: Record<Channel, Reason | null>, of: readonly Channel[]): string =>
  of
    .flatMap((channel) => {
      const reason = reach[channel];
      return reason === null ? [] : [`No ${nouns[channel]}: ${reasons[reason].text}.`];
    })
    .join(" ");
