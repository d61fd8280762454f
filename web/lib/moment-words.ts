const minute = 60_000;

/**
 * A moment as somebody in `zone` would say it now: "14:05", "tomorrow 9:00", "Fri 9:00", "3 May 9:00",
 * "3 May 2027 9:00". Today goes without its name: "until 14:05".
 */
export const momentWords = (iso: string, now: number, zone: string): string => {
  const at = new Date(iso);
  // `h23` always gives two digits; people say "9:00".
  const time = format(at, zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).replace(/^0/, "");
  const days = dayNumber(at, zone) - dayNumber(new Date(now), zone);
  if (days === 0) return time;
  if (days === 1) return `tomorrow ${time}`;
  if (days === -1) return `yesterday ${time}`;
  if (days > 1 && days < 7) return `${format(at, zone, { weekday: "short" })} ${time}`;
  const sameYear = format(at, zone, { year: "numeric" }) === format(new Date(now), zone, { year: "numeric" });
  const day = `${format(at, zone, { day: "numeric" })} ${format(at, zone, { month: "short" })}`;
  return `${day}${sameYear ? "" : ` ${format(at, zone, { year: "numeric" })}`} ${time}`;
};

/** Past the moment by more than the second or two a worker needs to notice. */
export const isOverdue = (iso: string, now: number): boolean => now - Date.parse(iso) > minute;

const format = (at: Date, zone: string, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat("en", { ...options, timeZone: zone }).format(at);

/** Days since some fixed day, counted by the calendar of the zone: midnight there is where "tomorrow" begins. */
const dayNumber = (at: Date, zone: string): number => {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, year: "numeric", month: "numeric", day: "numeric" }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value);
  return Date.UTC(part("year"), part("month") - 1, part("day")) / 86_400_000;
};
