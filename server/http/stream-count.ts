import type { Response } from "express";
import { tooManyRequests } from "./errors.ts";

/** Counts the open event streams of each caller, so that forgotten tabs do not use up the sockets of the server. */
export interface StreamCount {
  /** Counts this stream until it closes, or refuses it. */
  add(userId: string, res: Response): void;
}

export function createStreamCount(limit: number): StreamCount {
  const open = new Map<string, number>();
  return {
    add(userId, res) {
      const count = open.get(userId) ?? 0;
      if (count >= limit) throw tooManyRequests(10, `You have ${limit} event streams open already. Close one of them first.`);
      open.set(userId, count + 1);
      res.once("close", () => {
        const left = (open.get(userId) ?? 1) - 1;
        if (left > 0) open.set(userId, left);
        else open.delete(userId);
      });
    },
  };
}
