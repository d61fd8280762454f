import { moment, shown } from "./wall-clock.ts";

/** A date as it is compared. `day` is set where the text names a whole day, which begins at `time` and is over at `end`. */
export interface ComparableDate {
  time: number;
  day: boolean;
  end: number;
}

const written = /^([+-]\d{6}|\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?[ ]?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;
const dayLength = 86_400_000;
/** Years that both Postgres and ISO text know. A date beyond them is before or after everything, as it should be. */
const earliest = Date.UTC(2001, 0, 1) - 730_485 * dayLength;
const latest = Date.UTC(9999, 11, 30);

/**
 * Reads a Date, or an ISO date with or without a time. A day or a time without a zone of its own is in the zone that is asked for, wherever
 * the server stands. Everything else, such as "06/01/2027", is undefined, because two readers would read it in two ways.
 */
export function readComparableDate(value: unknown, zone = "UTC"): ComparableDate | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : { time: value.getTime(), day: false, end: value.getTime() };
  if (typeof value !== "string") return undefined;
  const match = written.exec(value.trim());
  if (!match) return undefined;
  const [, years = "", months = "", days = "", hours, minutes = "0", seconds = "0", fraction = "0", offset] = match;
  const [year, month, day] = [Number(years), Number(months), Number(days)];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isReal = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  const [hour, minute, second] = [Number(hours ?? 0), Number(minutes), Number(seconds)];
  if (!isReal || hour > 24 || minute > 59 || second > 59 || (hour === 24 && minute + second > 0)) return undefined;
  const [, sign, away = "0", more = "0"] = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset ?? "") ?? [];
  if (Number(away) > 18 || Number(more) > 59) return undefined;
  const shift = (Number(away) * 60 + Number(more)) * (sign === "-" ? -1 : 1);
  const millisecond = Math.trunc(Number(`0.${fraction}`) * 1000);
  const wall = date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond;
  const place = offset === undefined ? zone : "UTC";
  const time = moment(wall, place) - shift * 60_000;
  const isDay = hours === undefined;
  return { time: within(time), day: isDay, end: within(isDay ? moment(wall + dayLength, place) : time) };
}

const within = (time: number) => Math.min(Math.max(time, earliest), latest);

const day = /^\d{4}-\d{2}-\d{2}$/;
const midnight = /^(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:[.,]0+)?)?[ ]?(Z|[+-]\d{2}(?::?\d{2})?)?$/i;
const utc = /^(Z|[+-]00(:?00)?)$/i;

/**
 * The day that a text means, as "2026-05-31", where it means a whole day and no moment. Most programs write a day as its
 * midnight in UTC, which in New York is the evening before. `yearly`: a date that comes every year, such as a birthday, is a
 * day also where the midnight is that of another zone.
 */
export function readWholeDay(text: string, { yearly = false } = {}): string | undefined {
  const trimmed = text.trim();
  if (day.test(trimmed)) return trimmed;
  const [, date, offset] = midnight.exec(trimmed) ?? [];
  return date !== undefined && offset !== undefined && (yearly || utc.test(offset)) ? date : undefined;
}

/** Whether a moment is later than a date. It is later than a day when the day is over. */
export const isAfter = (time: number, { time: start, day, end }: ComparableDate): boolean => (day ? time >= end : time > start);

export const isBefore = (time: number, { time: start }: ComparableDate): boolean => time < start;

export const isOn = (time: number, { time: start, day, end }: ComparableDate): boolean =>
  day ? time >= start && time < end : time === start;

/** The number of the day that a calendar in a zone shows at a moment, counted from 1970. */
const dayIn = (zone: string, time: number): number => Math.floor(shown(time, zone) / dayLength);

/**
 * Whether a date is at most so many days behind now, or ahead of it. A whole day is counted by the calendar of the zone, so
 * that today and the day so many days away belong to it from their first minute to their last.
 */
export function isWithinDays(
  found: unknown,
  direction: "last" | "next",
  days: number,
  { now, zone }: { now: Date; zone: string },
): boolean {
  const written = typeof found === "string" ? readWholeDay(found) : undefined;
  const date = written === undefined ? readComparableDate(found, zone) : readComparableDate(written);
  if (!date) return false;
  const today = date.day ? dayIn(zone, now.getTime()) : now.getTime();
  const away = date.day ? date.time / dayLength - today : (date.time - today) / dayLength;
  return direction === "last" ? away <= 0 && away >= -days : away >= 0 && away <= days;
}
