/** Numbers and times as people read them: exact, with separators, in one language. */
const locale = "en-GB";
const counts = new Intl.NumberFormat("en");
const percents = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });

export const formatCount = (count: number): string => counts.format(count);

/** 100 % only when all is done, 0 % only when nothing is. */
export function formatPercent(value: number, max: number): string {
  if (max <= 0) return percents.format(0);
  const share = value / max;
  if (value < max && share > 0.99) return percents.format(0.99);
  if (value > 0 && share < 0.01) return percents.format(0.01);
  return percents.format(share);
}

/** "1 contact", "3,012 contacts"; `many` where adding an s is wrong. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** "340 ms", "12 s", "4 min 5 s", "3 h 20 min", "2 days 4 h": the two largest units. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return milliseconds < 10_000 ? `${(milliseconds / 1000).toFixed(1).replace(/\.0$/, "")} s` : `${seconds} s`;
  const parts = [
    [Math.floor(seconds / 86_400), (n: number) => (n === 1 ? "1 day" : `${formatCount(n)} days`)],
    [Math.floor(seconds / 3600) % 24, (n: number) => `${n} h`],
    [Math.floor(seconds / 60) % 60, (n: number) => `${n} min`],
    [seconds % 60, (n: number) => `${n} s`],
  ] as const;
  const first = parts.findIndex(([n]) => n > 0);
  return parts
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, say]) => say(n))
    .join(" ");
}

/** "America/Argentina/Buenos_Aires" → "Buenos Aires": people know their city, not the letters of its zone. */
export const zoneName = (zone: string = Intl.DateTimeFormat().resolvedOptions().timeZone): string =>
  (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");

/** "3 May 2026, 09:00:12 (Chicago)": never a time without its zone. */
export const formatExact = (at: string | Date, zone?: string): string => {
  const told = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZone: zone,
  }).format(new Date(at));
  return `${told} (${zoneName(zone)})`;
};

const clockTime = (at: Date, zone?: string) =>
  new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", timeZone: zone }).format(at);
/** Days since the epoch on the calendar of that zone. */
const calendarDay = (at: Date, zone?: string) => {
  const [year, month, day] = new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(at).split("-").map(Number) as [
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day) / 86_400_000;
};

/** "just now", "5 min ago", "in 2 h", "yesterday 14:05", "tomorrow 9:00", "3 May", "3 May 2024". */
export function formatRelative(at: string | Date, now: Date, zone?: string): string {
  const then = new Date(at);
  const seconds = Math.round((then.getTime() - now.getTime()) / 1000);
  const size = Math.abs(seconds);
  const say = (amount: string) => (seconds < 0 ? `${amount} ago` : `in ${amount}`);
  if (size < 45) return seconds <= 0 ? "just now" : "in a moment";
  if (size < 3600) return say(`${Math.max(1, Math.round(size / 60))} min`);
  const days = calendarDay(then, zone) - calendarDay(now, zone);
  if (days === 0 || size < 6 * 3600) return say(`${Math.round(size / 3600)} h`);
  if (days === -1) return `yesterday ${clockTime(then, zone)}`;
  if (days === 1) return `tomorrow ${clockTime(then, zone)}`;
  const sameYear = new Intl.DateTimeFormat("en", { year: "numeric", timeZone: zone });
  const withYear = sameYear.format(then) !== sameYear.format(now);
  return new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    timeZone: zone,
    ...(withYear ? { year: "numeric" } : {}),
  }).format(then);
}

export const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
