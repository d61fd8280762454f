/*
 * Numbers and times as people read them. The texts are English. Dates and clocks follow the kind of English that the
 * browser prefers: "May 3, 9:00 AM" in the United States, "3 May, 9:00" elsewhere and for everybody whose browser speaks
 * another language. No other file of the browser writes a date.
 */
const otherLocale = "en-GB";
let read: { from: string; locale: string } | undefined;

function dateLocale(): string {
  const languages = typeof navigator === "undefined" ? [] : (navigator.languages ?? []);
  const from = languages.join();
  if (read?.from !== from) read = { from, locale: languages.find((language) => /^en-[A-Z]{2}$/.test(language)) ?? otherLocale };
  return read.locale;
}

const made = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes longer than using it a hundred times. */
function format(at: Date, zone: string | undefined, options: Intl.DateTimeFormatOptions): string {
  const locale = dateLocale();
  const key = JSON.stringify([locale, zone, options]);
  const known = made.get(key) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  made.set(key, known);
  return known.format(at);
}

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

/**
 * A name within a sentence. One that is written from right to left is set apart by invisible signs: without them the signs
 * and numbers beside it change places with its words.
 */
export const isolated = (name: string): string => (/[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(name) ? `\u2068${name}\u2069` : name);

/** A sentence in which every name in quotation marks is set apart like that. What is no text stays as it is. */
export const namesIsolated = <Content>(content: Content): Content =>
  typeof content === "string" ? (isolateQuoted(content) as Content & string) : content;

const isolateQuoted = (sentence: string): string => sentence.replace(/“([^”\u2068]+)”/g, (_, name: string) => `“${isolated(name)}”`);

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

/** "9:00", "9:00 AM"; never "09:00". */
const formatClock = (at: Date, zone?: string, options: Intl.DateTimeFormatOptions = {}): string =>
  format(at, zone, { hour: "numeric", minute: "2-digit", ...options }).replace(/^0(?=\d)/, "");

/** A time of day as it is stored, "09:00", on the clock of every other time: "9:00", "9:00 AM"; "midnight" where a day ends. */
export const formatTimeOfDay = (time: string): string =>
  time === "24:00" ? "midnight" : formatClock(new Date(`1970-01-01T${time}Z`), "UTC");

/** "3 May 2026", "May 3, 2026". */
export const formatDate = (at: string | Date, zone?: string): string =>
  format(new Date(at), zone, { day: "numeric", month: "short", year: "numeric" });

/** "3 May", with the year where it is another than this one. */
const formatDay = (at: Date, now: Date, zone?: string): string =>
  yearOf(at, zone) === yearOf(now, zone) ? format(at, zone, { day: "numeric", month: "short" }) : formatDate(at, zone);

/** "3 May 2026, 9:00:12 (Chicago)": never a time without its zone. */
export const formatExact = (at: string | Date, zone?: string): string =>
  `${formatDate(at, zone)}, ${formatClock(new Date(at), zone, { second: "2-digit" })} (${zoneName(zone)})`;

const yearOf = (at: Date, zone?: string): number => new Date(calendarDay(at, zone) * 86_400_000).getUTCFullYear();
/** Days since the epoch on the calendar of that zone. */
const calendarDay = (at: Date, zone?: string) => {
  const [year, month, day] = new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(at).split("-").map(Number) as [
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day) / 86_400_000;
};

/** How many days later `to` is than `from` on the calendar of that zone: midnights between them, not 24 hours. */
export const daysBetween = (from: Date, to: Date, zone?: string): number => calendarDay(to, zone) - calendarDay(from, zone);

/** "just now", "5 min ago", "in 2 h", "yesterday 14:05", "tomorrow 9:00", "3 May", "3 May 2024". */
export function formatRelative(at: string | Date, now: Date, zone?: string): string {
  const then = new Date(at);
  const seconds = Math.round((then.getTime() - now.getTime()) / 1000);
  const size = Math.abs(seconds);
  const say = (amount: string) => (seconds < 0 ? `${amount} ago` : `in ${amount}`);
  if (size < 45) return seconds <= 0 ? "just now" : "in a moment";
  if (size < 3600) return say(`${Math.max(1, Math.round(size / 60))} min`);
  const days = daysBetween(now, then, zone);
  if (days === 0 || size < 6 * 3600) return say(`${Math.round(size / 3600)} h`);
  if (days === -1) return `yesterday ${formatClock(then, zone)}`;
  if (days === 1) return `tomorrow ${formatClock(then, zone)}`;
  return formatDay(then, now, zone);
}

/**
 * A moment as somebody in `zone` would say it now: "14:05", "tomorrow 9:00", "Fri 9:00", "3 May 9:00",
 * "3 May 2027 9:00". Today goes without its name: "until 14:05".
 */
export function momentWords(iso: string, now: number, zone: string): string {
  const at = new Date(iso);
  const time = formatClock(at, zone);
  const days = daysBetween(new Date(now), at, zone);
  if (days === 0) return time;
  if (days === 1) return `tomorrow ${time}`;
  if (days === -1) return `yesterday ${time}`;
  if (days > 1 && days < 7) return `${format(at, zone, { weekday: "short" })} ${time}`;
  return `${formatDay(at, new Date(now), zone)} ${time}`;
}

export const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
