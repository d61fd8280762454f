import type { Response } from "express";

/**
 * Replaces cookies of the same name that this answer already carries. Reading the session may have renewed the cookie
 * that signing out clears.
 */
export function setCookies(res: Response, cookies: readonly string[]): void {
  const names = new Set(cookies.map(nameOf));
  const kept = [res.getHeader("Set-Cookie") ?? []]
    .flat()
    .map(String)
    .filter((cookie) => !names.has(nameOf(cookie)));
  const all = [...kept, ...cookies];
  if (all.length > 0) res.setHeader("Set-Cookie", all);
}

const nameOf = (cookie: string): string => cookie.slice(0, cookie.indexOf("="));
