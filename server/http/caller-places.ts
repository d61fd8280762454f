import type { Request } from "express";
import pLimit, { type LimitFunction } from "p-limit";
import type { Route } from "#contract/route.ts";

/** A browser asks six things at a time, and a program that asks more waits for its own answers. */
const usualAtOnce = 8;

/**
 * Answers so many requests of one caller at a time. Those behind them wait and cost nothing, so that forty requests in one moment hold nobody
 * else up for longer than eight would. A caller is told apart by what it sends to sign in, before that is looked at: finding out who
 * it is would be the work that is to be spread. Whoever changes it with every request is held by the limit of its address.
 */
export interface CallerPlaces {
  /** Acts in its turn. `leave` gives the place to the next one before that is over, where what follows takes no processor for now. */
  answer<T>(route: Route, req: Request, act: (leave: () => void) => Promise<T>): Promise<T>;
}

export function createCallerPlaces(atOnce = usualAtOnce): CallerPlaces {
  const callers = new Map<string, { limit: LimitFunction; requests: number }>();
  return {
    async answer<T>(route: Route, req: Request, act: (leave: () => void) => Promise<T>) {
      // A stream, a file and what waits for somebody outside use no processor while they last, and have limits of their own.
      if (route.kind !== "json" || route.waitsOutside) return act(() => {});
      const key = req.get("authorization") ?? req.get("cookie") ?? String(req.res?.locals.clientAddress);
      const caller = callers.get(key) ?? { limit: pLimit(atOnce), requests: 0 };
      callers.set(key, caller);
      caller.requests += 1;
      const answered = Promise.withResolvers<T>();
      const inPlace = () => new Promise<void>((leave) => void act(leave).then(answered.resolve, answered.reject).finally(leave));
      try {
        await caller.limit(inPlace);
      } finally {
        caller.requests -= 1;
        if (caller.requests === 0) callers.delete(key);
      }
      return answered.promise;
    },
  };
}
