import type { Drip } from "#contract/sends.ts";
import { allow, type Round } from "../base/drip-rounds.ts";

/** Tells when the next contact of a drip begins, in the order in which the contacts are enrolled. */
export function roundStarts(drip: Drip, beginsAt: number, zone: string): () => number {
  let now = beginsAt;
  let round: Round = { at: null, used: 0 };
  return () => {
    for (;;) {
      const allowance = allow(drip, round, now, zone);
      if (allowance.open) {
        round = { at: allowance.at, used: allowance.used + 1 };
        return now;
      }
      now = allowance.nextAt;
    }
  };
}
