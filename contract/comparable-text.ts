import { storableText } from "./storable.ts";

/*
 * The form in which texts are compared. A contact filter (SQL) and a condition of a flow (memory) both bring what they look
 * for into this form, so both mean the same by "Jose", "José" in two code points and " JOSÉ ".
 */

/**
 * The text composed (NFC), as stored texts are. NUL becomes U+FFFD and does not vanish, because "a\0b" would then find "ab".
 */
export const comparableText = (text: string): string => storableText(text.replaceAll("\0", "\u{FFFD}")).normalize("NFC");

/** Spaces, line ends, characters that show nothing (joiners, marks of direction, fillers, the empty pattern of braille), and accents without a letter under them. */
const invisible = "[\\p{White_Space}\\p{Cc}\\p{Cf}\\p{M}\\p{Default_Ignorable_Code_Point}\\u2800]";
const onlyInvisible = new RegExp(`^${invisible}*$`, "u");

/** A value that is looked for, in the form in which it is compared. */
export const cleanValue = (text: string): string => comparableText(text).trim();

/** A value as a person typed it, cleaned. It is "" where nothing is left that the person could see. */
export function typedValue(text: string): string {
  const clean = cleanValue(text);
  return onlyInvisible.test(clean) ? "" : clean;
}

/**
 * Lower case by the simple mapping of each code point, which is how Postgres folds in the locale C.UTF-8. The mapping of
 * JavaScript would make two letters of "İ", and a "ς" at the end of a word.
 */
export const foldCase = (text: string): string => {
  const folded = text.toLowerCase();
  if (!/[\u0130\u03a3]/.test(text)) return folded;
  return Array.from(text, (letter) => (letter === "\u0130" ? "i" : letter.toLowerCase())).join("");
};

/** All decimal digits, of whatever script, as ASCII. */
export function digitsOf(text: string): string {
  return (text.normalize("NFKC").match(/\p{Nd}/gu) ?? []).map(asciiDigit).join("");
}

function asciiDigit(digit: string): string {
  // Unicode keeps the ten digits of a script together, in order, zero first.
  let code = digit.codePointAt(0) ?? 0;
  const start = code;
  while (start - code < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - 1))) code -= 1;
  return String((start - code) % 10);
}

/**
 * The digits of a number in any format, and without the prefix that is only dialled inside a country ("0", "00", "(0)"):
 * the stored form of +44 7911 123456 has no zero before the 7.
 */
export function phoneDigits(text: string): string[] {
  const digits = digitsOf(text.replace(/\((\p{Nd})\)/gu, (all, digit: string) => (asciiDigit(digit) === "0" ? "" : all)));
  if (digits === "") return [];
  const significant = digits.replace(/^0+/, "");
  return significant.length >= 5 && significant !== digits ? [digits, significant] : [digits];
}

/** Whether so many digits are a whole number: no two numbers of one country end alike in nine digits. */
export const isWholeNumber = (digits: string): boolean => digits.length >= 9;
