import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import { countMessages } from "./workspace-limit-rows.ts";

/** What a workspace may send now. */
export interface Allowance {
  granted: number;
  /** For those beyond it that wait for the next hour, in how many milliseconds to ask again. */
  waitMs: number;
  /** How many of those beyond it wait for the next day, and when it begins. */
  nextDay?: { count: number; at: Date };
}

/**
 * How many messages of a workspace may leave within an hour and within a day, for all workers together. A worker trusts what it
 * read for a second and counts alone meanwhile, so that a large send does not wait for one row. The limits may therefore be exceeded
 * by what a second brings for each further worker.
 */
export interface WorkspaceLimiter {
  acquire(workspaceId: string, wanted: number): Promise<Allowance>;
  /** Takes back what was granted and is not used. */
  giveBack(workspaceId: string, unused: number): void;
}

/** A limit that was raised takes effect for waiting messages within this time. */
const longestWaitMs = 30_000;
const trustedMs = 1_000;

export function createWorkspaceLimiter({ db, clock }: { db: Db; clock: Clock }): WorkspaceLimiter {
  const known = new Map<string, { left: number; waitMs: number; dayLeft: number; nextDayAt: Date; spent: number; until: number }>();

  return {
    async acquire(workspaceId, wanted) {
      let room = known.get(workspaceId);
      if (!room || room.until <= performance.now() || Math.min(room.left, room.dayLeft) < wanted) {
        const spent = room?.spent ?? 0;
        // Messages that leave while the row is read are counted by the next reading.
        if (room) room.spent = 0;
        try {
          const { left, wait_ms, day_left, next_day_at } = await countMessages(db, { workspaceId, spent }, clock);
          const since = room?.spent ?? 0;
          const until = performance.now() + trustedMs;
          room = { left: left - since, waitMs: wait_ms, dayLeft: day_left - since, nextDayAt: next_day_at, spent: since, until };
        } catch (error) {
          if (room) room.spent += spent;
          throw error;
        }
        known.set(workspaceId, room);
      }
      const ofDay = Math.max(0, Math.min(wanted, room.dayLeft));
      const granted = Math.max(0, Math.min(ofDay, room.left));
      room.left -= granted;
      room.dayLeft -= granted;
      room.spent += granted;
      const waitMs = granted < ofDay ? Math.min(room.waitMs, longestWaitMs) : 0;
      return { granted, waitMs, ...(ofDay < wanted && { nextDay: { count: wanted - ofDay, at: room.nextDayAt } }) };
    },

    giveBack(workspaceId, unused) {
      const room = known.get(workspaceId);
      if (!room) return;
      room.left += unused;
      room.dayLeft += unused;
      room.spent -= unused;
    },
  };
}
