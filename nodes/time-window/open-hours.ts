/** Minutes of a day since midnight; undefined where the text is no time of day. */
export function minutesOf(time: unknown): number | undefined {
  const [, hour, minute] = (typeof time === "string" && /^(\d{2}):(\d{2})$/.exec(time)) || [];
  return hour === undefined || minute === undefined ? undefined : Number(hour) * 60 + Number(minute);
}

/** The parts of a day that are open, as shares of it. A window over midnight has one at each end. */
export function openParts(from: unknown, to: unknown): { start: number; size: number }[] {
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  if (begin === undefined || end === undefined || begin === end) return [];
  const part = (start: number, until: number) => (until > start ? [{ start: start / 1440, size: (until - start) / 1440 }] : []);
  return end > begin ? part(begin, end) : [...part(0, end), ...part(begin, 1440)];
}

/** “Open 45 h a week”; undefined while days or hours are missing. */
export function openWords({ days, from, to }: { days: unknown; from: unknown; to: unknown }): string | undefined {
  const count = Array.isArray(days) ? new Set(days).size : 0;
  const minutes = Math.round(openParts(from, to).reduce((sum, { size }) => sum + size * 1440, 0)) * count;
  if (minutes === 0) return undefined;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (minutes === 7 * 1440) return "Always open";
  const words = [...(hours > 0 ? [`${hours} h`] : []), ...(rest > 0 ? [`${rest} min`] : [])].join(" ");
  const [begin = 0, end = 0] = [minutesOf(from), minutesOf(to)];
  return `Open ${words} a week${end > 0 && end < begin ? ", each time into the next day" : ""}`;
}
