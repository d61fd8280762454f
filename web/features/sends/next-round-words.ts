import type { SendCanary } from "#contract/send-canary.ts";
import type { Drip, Send } from "#contract/sends.ts";
import { momentWords, zoneName } from "#ui/format.ts";
import { nextOpening } from "#web/entities/schedule/drip-forecast.ts";

/** When the next round of a drip is; of one that is with its first contacts, what it waits for. Empty where a round is under way. */
export function nextRoundWords({ nextAt, firstRoundAt, canary }: Send, drip: Drip, now: number, zone: string): string {
  const when = (at: number) => `${momentWords(new Date(at).toISOString(), now, zone)} (${zoneName(zone)})`;
  const next = nextAt === null ? 0 : Date.parse(nextAt);
  if (next > now) return `${firstRoundAt ? "First" : "Next"} round ${when(next)}.`;
  if (!canary || canary.few === null || canary.openedAt !== null || canary.seen.begun < canary.few) return "";
  if (canary.heldAt !== null) return "The next round follows when somebody lets the rest go on.";
  const rest = restRound(canary, drip, zone);
  return rest === null
    ? "The next round follows when the first contacts were checked."
    : `Next round ${when(rest)}, if the first went well.`;
}

/** When the rest of a drip begins if nothing holds it: in what is left of the round of the last of the few, or in the one after it. */
function restRound({ few, fewBeginBy, decidesAt }: SendCanary, drip: Drip, zone: string): number | null {
  if (decidesAt === null || few === null) return null;
  const isFull = few % drip.count === 0;
  const roundEnds = fewBeginBy !== null && isFull ? Date.parse(fewBeginBy) + drip.everySeconds * 1_000 : 0;
  return nextOpening(drip, Math.max(Date.parse(decidesAt), roundEnds), zone);
}
