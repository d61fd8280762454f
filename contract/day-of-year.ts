import { readComparableDate, readWholeDay } from "./comparable-date.ts";
import { shown } from "./wall-clock.ts";

/** The day that it is where the test is asked, in place of a day of the calendar. */
export const today = "today";

const monthNames = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
] as const;
/** Of a leap year, because a birthday may be on 29 February. */
const monthLengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

export const months = monthNames.map((name, index) => ({
  name,
  number: String(index + 1).padStart(2, "0"),
  days: monthLengths[index] as number,
}));

/** Whether a text is a day of the calendar without a year, as "05-31". */
export function isDayOfYear(text: unknown): text is string {
  const [, month = "", day = ""] = (typeof text === "string" ? /^(\d{2})-(\d{2})$/.exec(text) : null) ?? [];
  const length = monthLengths[Number(month) - 1];
  return length !== undefined && Number(day) >= 1 && Number(day) <= length;
}

/**
 * The day of the year that a value means, as "05-31": of a date with a year, of a moment by the calendar of the zone, or of a
 * birthday without a year, as "--05-31" or "05-31". Undefined where it is none of these.
 */
export function readDayOfYear(value: unknown, zone: string): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : dayIn(zone, value);
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  const short = text.replace(/^--/, "");
  if (isDayOfYear(short)) return short;
  const day = readWholeDay(text, { yearly: true });
  if (day !== undefined) return isDayOfYear(day.slice(5)) && isRealDay(day) ? day.slice(5) : undefined;
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text)) return undefined;
  const moment = readComparableDate(text, zone);
  return moment && dayIn(zone, new Date(moment.time));
}

const isRealDay = (day: string) =>
  !Number.isNaN(Date.parse(`${day}T00:00:00Z`)) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);

/** Whether a day of the year comes on a day of the calendar; one on 29 February comes on the 28th where there is no 29th. */
export function fallsOn(found: string, wanted: string, { now, zone }: { now: Date; zone: string }): boolean {
  if (wanted !== today) return found === wanted;
  const here = dayIn(zone, now);
  return found === here || (found === "02-29" && here === "02-28" && !isLeapYear(yearIn(zone, now)));
}

const isLeapYear = (year: number) => new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;

const dayIn = (zone: string, at: Date): string => new Date(shown(at.getTime(), zone)).toISOString().slice(-19, -14);
const yearIn = (zone: string, at: Date): number => new Date(shown(at.getTime(), zone)).getUTCFullYear();

/** "31 May", or "today". */
export function dayOfYearWords(value: unknown): string {
  if (value === today) return today;
  if (!isDayOfYear(value)) return String(value ?? "");
  const [month = "", day = ""] = value.split("-");
  return `${Number(day)} ${monthNames[Number(month) - 1]}`;
}
