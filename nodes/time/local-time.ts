import { DateTime } from "luxon";
import { firstTimeZone } from "#contract/time-zones.ts";

/** The IANA zone to count in. A contact whose zone is unknown or misspelt is taken to live where the workspace is. */
export const chooseZone = (whose: "contact" | "workspace", contactZone: string | null, workspaceZone: string): string =>
  firstTimeZone(whose === "contact" ? contactZone : null, workspaceZone);

/**
 * The moment at which clocks in the date's zone show this time on this day. On the night when clocks go forward, a time
 * that does not exist becomes the same time on the new clock (02:30 is then 03:30); on the night when they go back, a
 * time that comes twice counts once, the first time. "24:00" is the end of the day.
 */
export function momentOf(date: DateTime, time: string): DateTime {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const { year, month, day } = hour === 24 ? date.plus({ days: 1 }) : date;
  const moments = DateTime.fromObject({ year, month, day, hour: hour % 24, minute }, { zone: date.zone }).getPossibleOffsets();
  return DateTime.min(...moments) ?? date;
}

/** The next moment after `now` at which clocks in its zone show the time, on one of the weekdays if any are given. */
export function nextTimeOfDay(time: string, weekdays: readonly number[], now: DateTime): DateTime {
  // The search takes eight days, because the hour may be over today and only this weekday may be wanted.
  for (let day = 0; day <= 8; day += 1) {
    const date = now.plus({ days: day });
    const candidate = momentOf(date, time);
    if (candidate <= now) continue;
    if (weekdays.length === 0 || weekdays.includes(date.weekday)) return candidate;
  }
  throw new Error(`No ${time} was found within eight days after ${now.toISO()}`);
}

/** The same time of day, so many business days (Monday to Friday) later. A negative amount counts back. */
export function plusBusinessDays(from: DateTime, amount: number): DateTime {
  const step = Math.sign(amount);
  let date = from;
  for (let left = Math.abs(amount); left > 0; ) {
    date = date.plus({ days: step });
    if (date.weekday <= 5) left -= 1;
  }
  return date;
}
