import { DateTime } from "luxon";
import { momentOf, plusBusinessDays } from "../time/local-time.ts";
import type { UntilDate } from "./definition.ts";

/** The moment that a date of the contact means, with offset and hour. It is undefined where the field holds no date. */
export function findDate(config: UntilDate, value: unknown, here: DateTime): DateTime | undefined {
  const found = readDate(value, here);
  if (!found) return undefined;
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

/** Reads a timestamp, or text that begins like an ISO date. A date without a zone of its own is in the zone of `here`. */
function readDate(value: unknown, here: DateTime): FoundDate | undefined {
  const zone = here.zone;
  if (value instanceof Date) return { date: DateTime.fromJSDate(value, { zone }), hasTime: true };
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}([T ]|$)/.test(value.trim())) return undefined;
  const text = value.trim().replace(" ", "T");
  const date = DateTime.fromISO(text, { zone });
  return date.isValid ? { date, hasTime: text.length > 10 } : undefined;
}
