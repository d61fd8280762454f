import { z } from "zod";

const year = 366 * 86_400;

/** The longest time that an execution may wait for its contact to change. */
export const limitSeconds = z.number().int().min(60).max(year);

/** The tests are also repeated this often, because no change of the contact tells that a date has passed. */
export const lookAgainSeconds = z.number().int().min(60).max(year).optional();

/** When the tests are repeated next, if they are. */
export const lookAgainAt = (seconds: number | undefined, now: Date): Date | undefined =>
  seconds === undefined ? undefined : new Date(now.getTime() + seconds * 1000);
