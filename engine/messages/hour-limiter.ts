import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import { countInHour } from "./hour-limit-rows.ts";

/**
 * How many messages of a workspace may leave within an hour, for all workers together. A worker trusts what it read for a
 * second and counts alone meanwhile, so that a large send does not wait for one row. The limit may therefore be exceeded
 * by what a second brings for each further worker.
 */
export interface HourLimiter {
  /** How many of `wanted` messages may leave now; for the others, in how many milliseconds to ask again. */
  acquire(workspaceId: string, wanted: number): Promise<{ granted: number; waitMs: number }>;
  /** Takes back what was granted and is not used. */
  giveBack(workspaceId: string, unused: number): void;
}

/** A limit that was raised takes effect for waiting messages within this time. */
const longestWaitMs = 30_000;
const trustedMs = 1_000;

export function createHourLimiter({ db, clock }: { db: Db; clock: Clock }): HourLimiter {
  const known = new Map<string, { left: number; waitMs: number; spent: number; until: number }>();

  return {
    async acquire(workspaceId, wanted) {
      let hour = known.get(workspaceId);
      if (!hour || hour.until <= performance.now() || hour.left < wanted) {
        const spent = hour?.spent ?? 0;
        // Messages that leave while the row is read are counted by the next reading.
        if (hour) hour.spent = 0;
        try {
          const { left, wait_ms } = await countInHour(db, { workspaceId, spent }, clock);
          const since = hour?.spent ?? 0;
          hour = { left: left - since, waitMs: wait_ms, spent: since, until: performance.now() + trustedMs };
        } catch (error) {
          if (hour) hour.spent += spent;
          throw error;
        }
        known.set(workspaceId, hour);
      }
      const granted = Math.max(0, Math.min(wanted, hour.left));
      hour.left -= granted;
      hour.spent += granted;
      return { granted, waitMs: granted < wanted ? Math.min(hour.waitMs, longestWaitMs) : 0 };
    },

    giveBack(workspaceId, unused) {
      const hour = known.get(workspaceId);
      if (!hour) return;
      hour.left += unused;
      hour.spent -= unused;
    },
  };
}
