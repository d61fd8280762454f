/**
 * Postgres stores neither the character NUL nor half of a surrogate pair, in text or in jsonb. A value with one of them
 * fails the whole statement, and with it everybody else's row in it.
 */

/** Why a text cannot be stored, or undefined if it can. */
export function unstorablePart(text: string): "nul" | "surrogate" | undefined {
  if (text.includes("\0")) return "nul";
  return text.isWellFormed() ? undefined : "surrogate";
}

/** The text without NUL, and with U+FFFD for halves of surrogate pairs. */
export const storableText = (text: string): string => text.replaceAll("\0", "").toWellFormed();

/** The value as JSON for a jsonb column. Its texts are made storable; the names of its properties must be so already. */
export const storableJson = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (typeof part === "string" ? storableText(part) : part));

/** Whether a jsonb column takes this JSON text, as `JSON.stringify` writes it. An escaped backslash begins no escape. */
export const isStorableJson = (json: string): boolean => !/(?:^|[^\\])(?:\\\\)*\\u(?:0000|d[89a-f])/.test(json);

/** Every character that JavaScript's `trim` takes away, for `btrim` in SQL, which takes away spaces only. */
export const blanks =
  "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";
