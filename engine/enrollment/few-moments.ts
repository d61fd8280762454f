import { nextOpening } from "../base/drip-rounds.ts";
import type { FewSchedule } from "./canary-rows.ts";

/**
 * When each of the few begins, in milliseconds since 1970: together, or so many in a round where the send is a drip. The last round
 * has its moment and how many of them begin in it.
 */
export function fewMoments(
  few: number,
  { from, drip, zone }: Pick<FewSchedule, "from" | "drip" | "zone">,
): { moments: number[]; round: { at: number; used: number } | null } {
  if (!drip) return { moments: Array.from({ length: few }, () => from), round: null };
  const moments: number[] = [];
  let at = nextOpening(drip, from, zone);
  for (;;) {
    const used = Math.min(drip.count, few - moments.length);
    for (let n = 0; n < used; n += 1) moments.push(at);
    if (moments.length >= few) return { moments, round: { at, used } };
    at = nextOpening(drip, at + drip.everySeconds * 1000, zone);
  }
}
