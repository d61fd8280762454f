/**
 * The pace of our requests to Trigger.dev. Its API has one bucket per environment (1,500 a minute on the cloud, 750 and
 * 25 a second where it is hosted by oneself), and whatever else uses that environment draws from the same one; so we
 * stay at two thirds of it.
 */
export interface Pace {
  /** Takes so many requests from the bucket, or none and answers false. */
  take(requests: number): boolean;
  /** The server asked for a pause: nothing is taken before it is over. */
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
