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

/** A moment the server named, on this machine's clock. */
export const toOwnClock = (iso: string): number => Date.parse(iso) + ahead;
/** What the server's clock shows, as far as we know. */
export const serverNow = (): number => Date.now() - ahead;
