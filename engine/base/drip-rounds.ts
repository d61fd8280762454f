import { DateTime } from "luxon";
import type { Drip } from "#contract/sends.ts";

export interface Round {
  /** When the open round began, in milliseconds since 1970; null before the first round. */
  at: number | null;
  used: number;
}

/** How many executions may begin now, in the round that began `at`; or that none may before `nextAt`. */
export type Allowance = { open: true; count: number; at: number; used: number } | { open: false; nextAt: number };

/**
 * Decides how many executions of a drip may begin, on the workspace's clock. A round lasts `everySeconds` from its first
 * execution. A round that is due outside the allowed hours begins when they open, and rounds that were missed are not
 * made up for, because `count` promises how many come at once.
 */
export function allow(drip: Drip, round: Round, now: number, zone: string): Allowance {
  const length = drip.everySeconds * 1000;
  const isOver = round.at === null || now >= round.at + length;
  const opens = nextOpening(drip, now, zone);
  if (opens > now) return { open: false, nextAt: opens };
  if (isOver) return { open: true, count: drip.count, at: now, used: 0 };
  const left = drip.count - round.used;
  if (left > 0) return { open: true, count: left, at: round.at as number, used: round.used };
  return { open: false, nextAt: nextOpening(drip, (round.at as number) + length, zone) };
}

/** The first moment from `from` on that lies in the days and hours of the drip. */
export function nextOpening(drip: Drip, from: number, zone: string): number {
  let at = DateTime.fromMillis(from, { zone });
  // Within eight days every weekday begins once.
  for (let day = 0; day <= 8; day += 1) {
    const opening = openingOn(drip, at, day === 0);
    if (opening !== undefined) return opening;
    at = at.plus({ days: 1 }).startOf("day");
  }
  return from;
}

/** Hours that cross midnight belong to the day on which they begin. */
function openingOn({ days, hours }: Drip, at: DateTime, isToday: boolean): number | undefined {
  const isDay = (moment: DateTime) => days.includes(moment.weekday);
  if (!hours) return isDay(at) ? at.toMillis() : undefined;
  const [from, to] = [minutes(hours.from), minutes(hours.to)];
  const now = isToday ? at.hour * 60 + at.minute : 0;
  if (from > to && now < to && isDay(at.minus({ days: 1 }))) return at.toMillis();
  if (!isDay(at)) return undefined;
  if (now < from)
    return at
      .startOf("day")
      .set({ hour: Math.floor(from / 60), minute: from % 60 })
      .toMillis();
  return from > to || now < to ? at.toMillis() : undefined;
}

const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
