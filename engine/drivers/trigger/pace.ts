/**
 * The bucket of our requests to Trigger.dev. Its API has one bucket per environment: 1,500 requests a minute on the
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

/** Runs in one batch. The API takes 1,000, but Trigger.dev works through a smaller batch sooner. */
const largestBatch = 500;
/** The operator may have raised the limit meanwhile. */
const limitHoldsMs = 3_600_000;

/**
 * How many runs a batch may hold. The server counts the items of batches in a bucket of its own, and refuses a whole batch
 * that does not fit. It names the size of the bucket and not what is in it, and it may count a refused batch all the same.
 * So the batch after a refusal is half as large, and those after it grow again by a quarter, up to the size of the bucket.
 */
export interface BatchSize {
  /** Runs that the next batch may hold; 0 while the server wants a pause. */
  most(): number;
  refused(runs: number, limit: { size: number | undefined; retryAfterMs: number }): void;
  taken(): void;
  /** Whether a full batch is larger than the server's whole bucket. */
  isBounded(): boolean;
}

export function createBatchSize(now: () => number = () => performance.now()): BatchSize {
  let bound = largestBatch;
  let size = largestBatch;
  let boundUntil = 0;
  let restsUntil = 0;
  const forget = () => {
    if (now() < boundUntil || size === largestBatch) return;
    bound = largestBatch;
    size = largestBatch;
  };
  return {
    most() {
      forget();
      return now() < restsUntil ? 0 : bound;
    },
    refused(runs, limit) {
      size = Math.min(largestBatch, limit.size ?? largestBatch);
      bound = Math.max(1, Math.min(size, Math.floor(runs / 2)));
      boundUntil = now() + limitHoldsMs;
      restsUntil = now() + limit.retryAfterMs;
    },
    taken() {
      bound = Math.min(size, bound + Math.ceil(bound / 4));
    },
    isBounded() {
      forget();
      return size < largestBatch;
    },
  };
}
