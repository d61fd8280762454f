import type { DateTime } from "luxon";
import type { z } from "zod";
import { momentOf } from "../time/local-time.ts";
import type { TimeWindowConfig } from "./definition.ts";

/** A hundred holidays cannot cover one weekday for this long. */
const longestSearchDays = 3 * 366;

/** Says that a window is open now, or when it opens next. @throws where it does not open within three years. */
export function findOpening(
  { days, from, to, holidays }: Pick<z.output<typeof TimeWindowConfig>, "days" | "from" | "to" | "holidays">,
  now: DateTime,
): "now" | DateTime {
  const overMidnight = to <= from;
  // Yesterday's window may still be open.
  for (let day = overMidnight ? -1 : 0; day <= longestSearchDays; day += 1) {
    const date = now.plus({ days: day });
    if (!days.includes(date.weekday) || holidays.includes(date.toISODate() ?? "")) continue;
    const opens = momentOf(date, from);
    if (now < opens) return opens;
    if (now < momentOf(overMidnight ? date.plus({ days: 1 }) : date, to)) return "now";
  }
  throw new Error(`A time window does not open within ${longestSearchDays} days after ${now.toISO()}`);
}
