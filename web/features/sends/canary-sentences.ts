import { fewWords } from "#contract/canary-words.ts";
import type { SendCanary } from "#contract/send-canary.ts";
import type { Send } from "#contract/sends.ts";
import { formatCount, isolated, momentWords, plural, zoneName } from "#ui/format.ts";

/** With how many a send begins, before they are drawn: "25 contacts", "1 % of the contacts". */
const askedWords = ({ contacts, percent }: SendCanary): string =>
  contacts === null ? `${percent} % of the contacts` : plural(contacts, "contact");

/** What the few of a send wait for while nothing holds the rest. The time that is left is told beside it. */
export function trialWords({ canary, now, zone }: { canary: SendCanary; now: number; zone: string }): string {
  const { few, fewBeginBy, seen, minutes, watchedSince } = canary;
  if (few === null) return `It begins with ${askedWords(canary)}, as soon as all are enrolled.`;
  const first = fewWords(few);
  if (seen.begun < few) {
    const later = fewBeginBy !== null && Date.parse(fewBeginBy) > now;
    return later
      ? `It begins with ${first}, the last of them ${momentWords(fewBeginBy, now, zone)} (${zoneName(zone)}). The rest waits.`
      : `It begins with ${first}. The rest waits.`;
  }
  const after = `${plural(minutes, "minute")} after the first messages`;
  if (watchedSince === null)
    return seen.waiting > 0
      ? `Of ${first}, ${formatCount(seen.waiting)} wait for their message to leave. The rest follows ${after}, if they go well.`
      : `None of ${first} has come to a message yet. The rest follows ${after}, if they go well.`;
  return `The rest follows by itself if ${first} went well.`;
}

/** What was seen of the few: "25 begun · 24 sent · 1 failed · 0 opted out". */
export function seenWords({ few, seen, failurePercent, optOutPercent }: SendCanary): { text: string; isBad: boolean }[] {
  const all = few ?? 0;
  const exceeds = (contacts: number, percent: number) => contacts * 100 > percent * all;
  return [
    { text: `${formatCount(seen.begun)} of ${formatCount(all)} begun`, isBad: false },
    { text: `${formatCount(seen.sent)} sent`, isBad: false },
    ...(seen.skipped > 0 ? [{ text: `${formatCount(seen.skipped)} skipped`, isBad: false }] : []),
    ...(seen.waiting > 0 ? [{ text: `${formatCount(seen.waiting)} waiting to leave`, isBad: false }] : []),
    { text: `${formatCount(seen.failed)} failed`, isBad: exceeds(seen.failed, failurePercent) },
    { text: `${formatCount(seen.optedOut)} opted out`, isBad: exceeds(seen.optedOut, optOutPercent) },
    ...(seen.maybeStop > 0 ? [{ text: `${formatCount(seen.maybeStop)} may want no more messages`, isBad: true }] : []),
  ];
}

/** How it came that the rest follows: "The rest followed by itself". */
export function openedWords({ openedBy, openedByName, heldAt }: SendCanary): string {
  if (openedBy === "too_few") return "There were no more contacts than those to begin with, so all began at once";
  if (openedBy === "itself") return "The rest followed by itself";
  const although = heldAt === null ? "" : ", although it was held";
  return `${isolated(openedByName ?? "Somebody")} let the rest follow${although}`;
}

/** Which version the rest gets where a newer one was published meanwhile; null where none was. */
export const versionWords = ({ version, newerVersion }: SendCanary): string | null =>
  newerVersion === null
    ? null
    : `Version ${newerVersion} was published since. The rest still gets version ${version}, as the first did; to send the new one, stop this send and send again.`;

/** The rest of a send, as a number. */
export const restOf = ({ enrolled, canary }: Send): number => Math.max(0, enrolled - (canary?.few ?? 0));
