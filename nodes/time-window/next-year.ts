export const mostHolidays = 100;

/**
 * The days together with those of the latest year a year later; undefined where that adds none, or too many. A 29 February
 * has no such day in most years and is left out.
 */
export function copyToNextYear(days: readonly string[]): { from: number; to: number; days: string[] } | undefined {
  const years = days.flatMap((day) => (/^\d{4}-\d{2}-\d{2}$/.test(day) ? Number(day.slice(0, 4)) : []));
  if (years.length === 0) return undefined;
  const from = Math.max(...years);
  const next = days
    .filter((day) => day.startsWith(`${from}-`))
    .map((day) => `${from + 1}${day.slice(4)}`)
    .filter(isDay);
  const added = next.filter((day) => !days.includes(day));
  if (added.length === 0 || days.length + added.length > mostHolidays || from >= 9998) return undefined;
  return { from, to: from + 1, days: [...days, ...added] };
}

function isDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}
