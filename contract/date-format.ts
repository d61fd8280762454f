/*
 * The formats of the merge filter `date`: a closed list of the letters that luxon fills in, text in single quotes, and signs. Any other
 * letter is refused, because formats of other tools hold the same letters with another meaning: "mm" is minutes here and a month there.
 */

/** The filter writes a date in this format where none is named. */
export const usualDateFormat = "d LLLL yyyy";

/** Each letter, with the lengths in which it may stand and what it writes in each. */
const tokens: Readonly<Record<string, string>> = {
  ...{ d: "the day", dd: "the day in two digits" },
  ...{ L: "the month", LL: "the month in two digits", LLL: "Nov", LLLL: "November", M: "the month", MM: "the month in two digits" },
  ...{ MMM: "Nov", MMMM: "November", yy: "26", yyyy: "2026", y: "2026" },
  ...{ EEE: "Mon", EEEE: "Monday", ccc: "Mon", cccc: "Monday" },
  ...{ H: "the hour of 24", HH: "the hour of 24 in two digits", h: "the hour of 12", hh: "the hour of 12 in two digits" },
  ...{ m: "the minute", mm: "the minute in two digits", s: "the second", ss: "the second in two digits", a: "AM or PM" },
  ...{ z: "Europe/Vienna", ZZZZ: "CET", W: "the week", WW: "the week in two digits", q: "the quarter" },
};

/** As a sentence ends: "is no date format: …". Undefined for a format that can be used. */
export function dateFormatProblem(format: string): string | undefined {
  const { names, unknown } = read(format);
  if (names.length === 0 && unknown.length === 0) return "it writes no part of a date";
  if (unknown.length > 0) return `“${unknown[0]}” is no part of one; text stands in single quotes`;
  const has = (letters: string) => names.some((name) => letters.includes(name[0] as string));
  if (has("m") && !has("Hh")) return "“m” is the minute; the month is “M”";
  if (has("M") && has("Hh") && !has("dyEcL")) return "“M” is the month; the minute is “m”";
  if (has("s") && !has("m")) return "“s” is the second";
  return undefined;
}

/** The format that was probably meant, in the letters that are known here. Undefined where nobody can tell. */
export function suggestDateFormat(format: string): string | undefined {
  const strftime = {
    d: "dd",
    e: "d",
    m: "MM",
    Y: "yyyy",
    y: "yy",
    H: "HH",
    I: "hh",
    M: "mm",
    S: "ss",
    p: "a",
    B: "LLLL",
    b: "LLL",
    A: "cccc",
    a: "ccc",
  };
  const spelt = format.includes("%")
    ? format.replace(/%-?([a-zA-Z])/g, (whole, letter: string) => strftime[letter as keyof typeof strftime] ?? whole)
    : format
        .replace(/Y/g, "y")
        .replace(/D/g, "d")
        .replace(/\b(?:dddd|EEEEE)\b/g, "cccc")
        .replace(/\bddd\b/g, "ccc")
        .replace(/A/g, "a")
        .replace(/T/g, "'T'");
  const hasHour = /[Hh]/.test(spelt);
  const meant = [spelt, hasHour ? spelt : spelt.replaceAll("m", "M"), hasHour ? spelt.replaceAll("M", "m") : spelt];
  return meant.find((each) => each !== format && dateFormatProblem(each) === undefined);
}

/** The parts of a format, and the letters outside of quotes that are none. */
function read(format: string): { names: string[]; unknown: string[] } {
  const names: string[] = [];
  const unknown: string[] = [];
  for (const [piece] of format.matchAll(/'[^']*'|%?\p{L}+|%|'/gu)) {
    if (piece.length > 1 && piece.startsWith("'")) continue;
    const runs = piece.match(/(\p{L})\1*|%|'/gu) ?? [];
    // Letters that are glued together are a word, unless each run of them is a part: "ddMMyyyy", "h:mma".
    if (runs.every((run) => run in tokens)) names.push(...runs);
    else unknown.push(piece);
  }
  return { names, unknown };
}
