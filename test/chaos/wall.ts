import { wallClock } from "../zones.ts";

const minute = 60_000;
const hour = 60 * minute;

/** The offset of a zone at a moment, in minutes after UTC. The platform gives it, not our library. */
export function offsetAt(moment: number, zone: string): number {
  const { date, time } = wallClock(new Date(moment), zone);
  return (Date.parse(`${date}T${time}:00Z`) - Math.floor(moment / minute) * minute) / minute;
}

/**
 * The days on which clocks change in one of the zones, within the next so many days. A day is given by its beginning in
 * UTC.
 */
export function changesWithin(days: number, from: number, zones: readonly string[]): number[] {
  const changed = new Set<number>();
  const first = Math.ceil(from / (24 * hour)) * 24 * hour;
  for (let day = first; day < first + days * 24 * hour; day += 24 * hour) {
    if (zones.some((zone) => offsetAt(day, zone) !== offsetAt(day + 24 * hour, zone))) changed.add(day);
  }
  return [...changed];
}

/**
 * Says what is wrong with a wait from `now` until `wake` for the next time that clocks in this zone show `wanted`;
 * undefined if nothing is. If clocks jump over that time, the wait ends when they have jumped. If they show it twice,
 * the first time counts.
 */
export function wrongWait(wanted: string, zone: string, now: number, wake: number): string | undefined {
  const shown = wallClock(new Date(wake), zone);
  const asked = wallClock(new Date(now), zone);
  const says = (text: string) => `${zone}, ${wanted} asked for at ${asked.date} ${asked.time}: ${text} (${shown.date} ${shown.time})`;
  if (wake % minute !== 0) return says("not at a full minute");
  if (wake <= now) return says("in the past");
  const jumped = offsetAt(wake, zone) - offsetAt(wake - 3 * hour, zone);
  if (shown.time !== wanted && minutesOf(shown.time) - minutesOf(wanted) !== jumped) return says("another time");
  if (shown.time !== wanted && jumped <= 0) return says("another time, without a jump");
  if (shown.time === wanted && jumped < 0 && wallClock(new Date(wake + jumped * minute), zone).time === wanted)
    return says("the second time");
  // The next such time is today's if it is still to come, and otherwise tomorrow's.
  const isToday = shown.date === asked.date;
  const days = (Date.parse(shown.date) - Date.parse(asked.date)) / (24 * hour);
  if (!isToday && (days !== 1 || wanted > asked.time)) return says("too late");
  return undefined;
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
