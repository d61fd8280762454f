import type { Drip } from "#contract/sends.ts";
import { momentAt, startOfDay, wallTime } from "./zoned-time.ts";

/** A forecast gives up after this many open stretches: the end is then years away. */
const mostStretches = 1500;

/**
 * When the last contacts of a drip begin, as the engine's rounds will have it if nothing stands in their way; null when
 * that is too far away to be told. Counted by stretches of open time, not by rounds: there may be a hundred thousand.
 */
export function lastRound({ drip, total, from, zone }: { drip: Drip; total: number; from: number; zone: string }): number | null {
  const length = drip.everySeconds * 1000;
  let rounds = Math.ceil(total / drip.count);
  let at = nextOpening(drip, from, zone);
  if (rounds <= 1) return at;
  if (!drip.hours && drip.days.length === 7) return at + (rounds - 1) * length;
  rounds -= 1;
  for (let stretch = 0; stretch < mostStretches; stretch += 1) {
    const closes = closing(drip, at, zone);
    const inside = Math.max(0, Math.ceil((closes - at) / length) - 1);
    if (inside >= rounds) return at + rounds * length;
    rounds -= inside + 1;
    at = nextOpening(drip, at + (inside + 1) * length, zone);
    if (rounds === 0) return at;
  }
  return null;
}

/** The first moment from `from` on that lies in the days and hours of the drip. */
export function nextOpening(drip: Drip, from: number, zone: string): number {
  // Eight days hold every weekday, and its hours, once.
  for (let days = 0; days <= 8; days += 1) {
    const at = days === 0 ? from : startOfDay(from, zone, days);
    const opening = openingOn(drip, at, zone);
    if (opening !== undefined) return opening;
  }
  return from;
}

/** Hours that cross midnight belong to the day on which they begin. */
function openingOn({ days, hours }: Drip, at: number, zone: string): number | undefined {
  const clock = wallTime(at, zone);
  const isDay = days.includes(clock.weekday);
  if (!hours) return isDay ? at : undefined;
  const now = clock.hour * 60 + clock.minute;
  const [opens, closes] = [minutes(hours.from), minutes(hours.to)];
  const yesterday = ((clock.weekday + 5) % 7) + 1;
  if (opens > closes && now < closes && days.includes(yesterday)) return at;
  if (!isDay) return undefined;
  if (now < opens) return momentAt({ ...clock, hour: Math.floor(opens / 60), minute: opens % 60 }, zone);
  return opens > closes || now < closes ? at : undefined;
}

/** The end of the open stretch that `at` lies in. */
function closing({ hours }: Drip, at: number, zone: string): number {
  if (!hours) return startOfDay(at, zone, 1);
  const clock = wallTime(at, zone);
  const isEvening = minutes(hours.from) > minutes(hours.to) && clock.hour * 60 + clock.minute >= minutes(hours.from);
  const day = wallTime(startOfDay(at, zone, isEvening ? 1 : 0), zone);
  return momentAt({ ...day, hour: Math.floor(minutes(hours.to) / 60), minute: minutes(hours.to) % 60 }, zone);
}

const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
