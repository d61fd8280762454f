import type { BinnedContact } from "#contract/bin.ts";
import { daysBetween, plural } from "#ui/format.ts";

/**
 * When the contact is erased, by the calendar: "in 30 days" on the day of its deletion, "tomorrow", "today". The sweep runs
 * every hour, so the last day may end a little late.
 */
export function erasedIn({ erasedAt }: Pick<BinnedContact, "erasedAt">, now: Date, zone?: string): string {
  const at = new Date(erasedAt);
  if (at <= now) return "within the hour";
  const days = daysBetween(now, at, zone);
  return days === 0 ? "today" : days === 1 ? "tomorrow" : `in ${plural(days, "day")}`;
}
