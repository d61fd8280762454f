/**
 * A token bucket for our requests to Trigger.dev. Its API has one bucket per environment: 1,500 requests a minute on the
 * cloud, 750 and 25 a second where it is self-hosted. Other users of that environment draw from the same bucket, so this
 * one has two thirds of it.
 */
export interface Pace {
  /** Takes tokens for so many requests, or takes none and returns false. */
  take(requests: number): boolean;
  /** Gives no tokens for this long, because the server has asked for a pause. */
  rest(milliseconds: number): void;
}

const burst = 200;
const perSecond = 1_000 / 60;

export function createPace(now: () => number = () => performance.now()): Pace {
  let tokens = burst;
  let at = now();
  let restsUntil = 0;
  return {
    rest(milliseconds) {
      restsUntil = Math.max(restsUntil, now() + milliseconds);
    },
    take(requests) {
      const moment = now();
      if (moment < restsUntil) return false;
      tokens = Math.min(burst, tokens + ((moment - at) / 1_000) * perSecond);
      at = moment;
      if (tokens < requests) return false;
      tokens -= requests;
      return true;
    },
  };
}
