import { LocalTime } from "#contract/date-bounds.ts";
import { moment, shown } from "#contract/wall-clock.ts";

/** The local date and time in a zone. `weekday`: 1 Monday … 7 Sunday. */
export interface WallTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  weekday: number;
}

const day = 86_400_000;

export function wallTime(at: number, zone: string): WallTime {
  const clock = new Date(shown(at, zone));
  const [year, month, date] = [clock.getUTCFullYear(), clock.getUTCMonth() + 1, clock.getUTCDate()];
  return { year, month, day: date, hour: clock.getUTCHours(), minute: clock.getUTCMinutes(), weekday: clock.getUTCDay() || 7 };
}

/** The moment at which the clock of a zone shows this; of a time that comes twice or never, one next to it. */
export const momentAt = (clock: Pick<WallTime, "year" | "month" | "day" | "hour" | "minute">, zone: string): number =>
  moment(Date.UTC(clock.year, clock.month - 1, clock.day, clock.hour, clock.minute), zone);

/** The same for "2026-12-01T09:00"; undefined when it is no such text. */
export const momentOfText = (text: string, zone: string): number | undefined =>
  LocalTime.safeParse(text).success ? moment(Date.parse(`${text}Z`), zone) : undefined;

/** 9:00 tomorrow on the clock of a zone, as text: what most who plan a send mean. */
export function tomorrowAtNine(now: number, zone: string): string {
  return `${new Date(shown(now, zone) + day).toISOString().slice(0, 10)}T09:00`;
}

/** Midnight of the day `days` after that of the moment. */
export const startOfDay = (at: number, zone: string, days = 0): number => moment((Math.floor(shown(at, zone) / day) + days) * day, zone);
