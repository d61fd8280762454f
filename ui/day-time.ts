import { formatDate, momentWords } from "./format.ts";

/** "Mon, 3 May 2027, 9:00": a moment that is planned by the day of the week. It stands apart, because few pages need it. */
export function formatDayTime(at: string, zone: string): string {
  const weekday = new Intl.DateTimeFormat("en", { weekday: "short", timeZone: zone }).format(new Date(at));
  // Of today a moment has only its time.
  return `${weekday}, ${formatDate(at, zone)}, ${momentWords(at, Date.parse(at), zone)}`;
}
