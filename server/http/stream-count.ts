import type { Response } from "express";
import { tooManyRequests } from "./errors.ts";

/** Counts the open event streams of each caller, so that forgotten tabs do not use up the sockets of the server. */
export interface StreamCount {
  /** Counts this stream until it closes, or refuses it. Those of another route do not count: open editors keep nobody from watching a send. */
  add(of: { userId: string; route: string }, res: Response): void;
}

export function createStreamCount(limit: number): StreamCount {
  const open = new Map<string, number>();
  return {
    add({ userId, route }, res) {
      const place = `${userId} ${route}`;
      const count = open.get(place) ?? 0;
      if (count >= limit) throw tooManyRequests(10, `You have ${limit} of these event streams open already. Close one of them first.`);
      open.set(place, count + 1);
      res.once("close", () => {
        const left = (open.get(place) ?? 1) - 1;
        if (left > 0) open.set(place, left);
        else open.delete(place);
      });
    },
  };
}
