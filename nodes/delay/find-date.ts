import { DateTime } from "luxon";
import { readWholeDay } from "#contract/comparable-date.ts";
import { momentOf, plusBusinessDays } from "../time/local-time.ts";
import type { UntilDate } from "./definition.ts";

/** The moment that a date means, "none" where the field is empty, or "unreadable" where it holds something else. */
export type DateFound = DateTime | "none" | "unreadable";

/** The moment that a date of the contact means, with offset and hour. */
export function findDate(config: UntilDate, value: unknown, here: DateTime): DateFound {
  if (value === undefined || value === null || (typeof value === "string" && value.trim() === "")) return "none";
  const found = readDate(value, here, config.yearly);
  if (!found) return "unreadable";
  if (!config.yearly) return apply(config, found);
  // An offset of up to a year either way may bring in the date of a neighbouring year.
  for (let year = here.year - 2; ; year += 1) {
    const moment = apply(config, { ...found, date: found.date.set({ year }) });
    if (moment > here) return moment;
  }
}

interface FoundDate {
  date: DateTime;
  hasTime: boolean;
}

function apply({ offset, time }: UntilDate, { date, hasTime }: FoundDate): DateTime {
  const shifted = offset.unit === "business_days" ? plusBusinessDays(date, offset.amount) : date.plus({ [offset.unit]: offset.amount });
  if (time !== undefined) return momentOf(shifted, time);
  const isDay = !hasTime && ["days", "business_days", "weeks"].includes(offset.unit);
  return isDay ? momentOf(shifted, "00:00") : shifted;
}

/**
 * Reads a timestamp, or a text in the form of an ISO date. A whole day, and a time without a zone of its own, are in the zone
 * of `here`. Other ways of writing ("06/01/2027", "June 1, 2027", seconds since 1970) are not guessed at.
 */
function readDate(value: unknown, { zone }: DateTime, yearly: boolean): FoundDate | undefined {
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? undefined : { date: DateTime.fromJSDate(value, { zone }), hasTime: true };
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}([T ]|$)/.test(value.trim())) return undefined;
  const day = readWholeDay(value, { yearly });
  const date = DateTime.fromISO(day ?? value.trim().replace(" ", "T"), { zone });
  return date.isValid ? { date, hasTime: day === undefined } : undefined;
}
