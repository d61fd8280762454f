import { comparableText, digitsOf, phoneDigits } from "#contract/comparable-text.ts";

/**
 * The terms of a search, as they are looked for in `contacts.search_text`. Every group must match, and a group
 * matches when one of its terms occurs. Case is folded by the database, so both sides fold alike.
 */
export type SearchGroup = readonly string[];

const fewestDigitsOfNumber = 7;
const fewestDigitsOfPiece = 4;
const phonePunctuation = /^[\p{Nd}\s()+\-./\u2010-\u2015]+$/u;

export function searchGroups(search: string | undefined): SearchGroup[] {
  const text = comparableText(search ?? "").trim();
  if (text === "") return [];
  const words = text.split(/\s+/u);
  const asWords = words.map((word) => [word, ...(phonePunctuation.test(word) ? phoneDigits(word) : [])]);
  // "(415) 555-2671" is one number in two words, and must not find a number that has the parts in other places.
  if (phonePunctuation.test(text) && digitsOf(text).length >= fewestDigitsOfNumber) return [[...phoneDigits(text), text]];
  // "52 664" may be a piece of a number, or two words.
  const piece = words.length > 1 && phonePunctuation.test(text) && digitsOf(text).length >= fewestDigitsOfPiece ? phoneDigits(text) : [];
  return asWords.map((group) => [...new Set([...group, ...piece])]);
}

/**
 * How a term can be looked for. The index knows three characters in a row and the first two of a word: `anywhere` has
 * three letters or digits in a row; `word_start` is shorter, and looked for where words begin, which is also what people
 * mean by it. What is left (punctuation, one or two characters of a script that puts no spaces between words) is looked
 * for by reading the rows.
 */
export function searchKind(term: string): "anywhere" | "word_start" | "by_reading" {
  if (/[\p{L}\p{N}]{3}/u.test(term)) return "anywhere";
  return /^[\p{L}\p{N}]{1,2}$/u.test(term) && !unspaced.test(term) ? "word_start" : "by_reading";
}

const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * Letters of scripts without spaces, as `contacts_letters` has each of them for a key. Ranges, not scripts: the database
 * and this file must mean the same, whatever version of Unicode each of them knows.
 */
export const unspacedRanges =
  "\\u0E00-\\u0EFF\\u1000-\\u11FF\\u1780-\\u17FF\\u3040-\\u318F\\u31F0-\\u31FF\\u3400-\\u4DBF\\u4E00-\\u9FFF\\uAC00-\\uD7AF\\uF900-\\uFAFF";
const unspacedLetter = new RegExp(`[${unspacedRanges}\\u{20000}-\\u{3134F}]`, "gu");

/** The unspaced letters of a term. A text that holds the term holds each of them. */
export const unspacedLetters = (term: string): string[] => [...new Set(term.match(unspacedLetter))];

/** Text as itself in a LIKE pattern. */
export function literal(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}
