import type { DateTime } from "luxon";
import type { z } from "zod";
import { momentOf } from "../time/local-time.ts";
import type { TimeWindowConfig } from "./definition.ts";

/** A hundred holidays cannot cover one weekday for this long. */
const longestSearchDays = 3 * 366;
/** Windows that follow on each other for so many days are open for ever, but for holidays that nobody has named yet. */
const longestOpenDays = 8;

type Window = Pick<z.output<typeof TimeWindowConfig>, "days" | "from" | "to" | "holidays">;

/** Says that a window is open now, or when it opens next. @throws where it does not open within three years. */
export function findOpening(window: Window, now: DateTime): "now" | DateTime {
  const { opens } = findNext(window, now);
  return now < opens ? opens : "now";
}

/** When a window that is open now closes; undefined where it does not close within eight days. */
export function findClosing(window: Window, now: DateTime): DateTime | undefined {
  let { closes } = findNext(window, now);
  for (let day = 0; day < longestOpenDays; day += 1) {
    const next = findNext(window, closes);
    if (closes < next.opens) return closes;
    closes = next.closes;
  }
  return undefined;
}

/** The hours that are open now, or the next that will be. */
function findNext({ days, from, to, holidays }: Window, now: DateTime): { opens: DateTime; closes: DateTime } {
  const overMidnight = to <= from;
  // Yesterday's window may still be open.
  for (let day = overMidnight ? -1 : 0; day <= longestSearchDays; day += 1) {
    const date = now.plus({ days: day });
    if (!days.includes(date.weekday) || holidays.includes(date.toISODate() ?? "")) continue;
    const [opens, closes] = [momentOf(date, from), momentOf(overMidnight ? date.plus({ days: 1 }) : date, to)];
    if (now < opens || now < closes) return { opens, closes };
  }
  throw new Error(`A time window does not open within ${longestSearchDays} days after ${now.toISO()}`);
}
