/**
 * How far this machine's clock is from the server's. What counts down to a moment of the server (the time to undo)
 * must not be shortened or stretched by a clock that is minutes off. The header tells whole seconds, so a small
 * difference says nothing.
 */
const least = 2000;
let ahead = 0;

export function hearServerTime(date: string | null): void {
  const told = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(told)) return;
  const difference = Date.now() - (told + 500);
  ahead = Math.abs(difference) < least ? 0 : difference;
}

/** Converts a moment of the server's clock to this machine's clock, in milliseconds. */
export const toOwnClock = (iso: string): number => Date.parse(iso) + ahead;
/** The time of the server's clock, in milliseconds, as far as it is known. */
export const serverNow = (): number => Date.now() - ahead;
