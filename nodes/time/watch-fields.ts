import { z } from "zod";

const year = 366 * 86_400;

/** How long somebody may wait for the contact to change, at the longest. */
export const limitSeconds = z.number().int().min(60).max(year);

/** Looked at again this often, too, for what no change of the contact tells: that a date has passed. */
export const lookAgainSeconds = z.number().int().min(60).max(year).optional();

/** When to look again, if at all. */
export const lookAgainAt = (seconds: number | undefined, now: Date): Date | undefined =>
  seconds === undefined ? undefined : new Date(now.getTime() + seconds * 1000);
