import type { Request } from "express";
import pLimit, { type LimitFunction } from "p-limit";
import type { Route } from "#contract/route.ts";

/** A browser asks six things at a time, and a program that asks more waits for its own answers. */
const usualAtOnce = 8;
/** A heavy request waits for its turn in the database anyway, so finding out who asks may be done for few of them at a time. */
const heavyAtOnce = 2;

/**
 * Answers so many requests of one caller at a time. Those behind them wait and cost nothing, so that forty requests in one moment hold nobody
 * else up for longer than eight would. A caller is told apart by what it sends to sign in, before that is looked at: finding out who
 * it is would be the work that is to be spread. A caller who changes it with every request is held by the limit of its address.
 */
export interface CallerPlaces {
  /** Acts in its turn. The place is given back when `act` is over, or before. */
  answer<T>(route: Route, req: Request, act: (place: CallerPlace) => Promise<T>): Promise<T>;
}

export interface CallerPlace {
  /** Gives the place to the next request for good. */
  leave(): void;
  /**
   * Waits for what the caller itself must do. Meanwhile the place is another request's, because eight bodies that never end would
   * otherwise hold up everybody at that address.
   */
  without<T>(wait: () => Promise<T>): Promise<T>;
}

/** A stream, a file and what waits for somebody outside use no processor while they last, and have limits of their own. */
const noPlace: CallerPlace = { leave() {}, without: (wait) => wait() };

export function createCallerPlaces({ atOnce = usualAtOnce, heavy = heavyAtOnce } = {}): CallerPlaces {
  const callers = new Map<string, { limit: LimitFunction; requests: number }>();
  return {
    async answer<T>(route: Route, req: Request, act: (place: CallerPlace) => Promise<T>) {
      if (route.kind !== "json" || route.waitsOutside) return act(noPlace);
      const isHeavy = route.heavy !== false;
      const credentials = req.get("authorization") ?? req.get("cookie") ?? String(req.res?.locals.clientAddress);
      const key = isHeavy ? `heavy ${credentials}` : credentials;
      const caller = callers.get(key) ?? { limit: pLimit(isHeavy ? heavy : atOnce), requests: 0 };
      callers.set(key, caller);
      caller.requests += 1;
      let leave = await enter(caller.limit);
      const place: CallerPlace = {
        leave: () => leave(),
        async without(wait) {
          leave();
          const value = await wait();
          leave = await enter(caller.limit);
          return value;
        },
      };
      try {
        return await act(place);
      } finally {
        leave();
        caller.requests -= 1;
        if (caller.requests === 0) callers.delete(key);
      }
    },
  };
}

/** Answers what gives the place back. More than once does no more than once. */
const enter = (limit: LimitFunction): Promise<() => void> =>
  new Promise((entered) => void limit(() => new Promise<void>((leave) => entered(() => leave()))));
