import { foldName } from "./fold.ts";

/** A part of a text, from the first character to the one behind its last. */
export interface Marked {
  from: number;
  to: number;
}

const word = /[\p{L}\p{N}\p{M}]+/gu;
/** Scripts that put no spaces between words. What is looked for there may begin anywhere. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * Where the words of a search stand in a text: at the beginning of a word, without regard to capitals and accents, as
 * `db/queries/message-search.ts` finds them. It only marks what was found; what it does not see is found all the same.
 */
export function findWords(text: string, search: string): Marked[] {
  const terms = [...new Set([...search.matchAll(word)].map(([term]) => foldName(term)))].filter((term) => term !== "");
  if (terms.length === 0) return [];
  const anywhere = terms.filter((term) => unspaced.test(term));
  const marks = [...text.matchAll(word)].flatMap((found): Marked[] => {
    const letters = foldedLetters(found[0]);
    const folded = letters.map(({ letter }) => letter).join("");
    const begun = terms.filter((term) => folded.startsWith(term)).map((term) => ({ start: 0, term }));
    const inside = anywhere.flatMap((term) => placesOf(folded, term).map((start) => ({ start, term })));
    return [...begun, ...inside].map(({ start, term }) => {
      const at = found.index;
      return { from: at + (letters[start]?.from ?? 0), to: at + (letters[start + term.length - 1]?.to ?? found[0].length) };
    });
  });
  return joinMarks(marks);
}

/** Each letter of a word as it is compared, with the place of the letters that it stands for. */
function foldedLetters(text: string): { letter: string; from: number; to: number }[] {
  const letters: { letter: string; from: number; to: number }[] = [];
  let from = 0;
  for (const one of text) {
    const to = from + one.length;
    const folded = foldName(one);
    // A mark belongs to the letter before it.
    const last = letters.at(-1);
    if (folded === "" && last) last.to = to;
    for (const letter of folded.split("")) letters.push({ letter, from, to });
    from = to;
  }
  return letters;
}

function placesOf(text: string, term: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + term.length)) places.push(at);
  return places;
}

function joinMarks(marks: Marked[]): Marked[] {
  const joined: Marked[] = [];
  for (const mark of marks.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    const last = joined.at(-1);
    if (last && mark.from <= last.to) last.to = Math.max(last.to, mark.to);
    else joined.push({ ...mark });
  }
  return joined;
}

/** So many characters are shown of a message that was found, of which some stand before the first word. */
const excerpt = { length: 160, before: 40 } as const;

/** The words around the first that was looked for, in one line. */
export function excerptOf(text: string, search: string): string {
  const line = text.replace(/\s+/gu, " ").trim();
  const first = findWords(line, search)[0]?.from ?? 0;
  const start = line.length <= excerpt.length || first <= excerpt.before ? 0 : wordBefore(line, first - excerpt.before);
  // Not between the two halves of a character.
  const piece = line.slice(start, start + excerpt.length).replace(/[\uD800-\uDBFF]$/u, "");
  return `${start > 0 ? "…" : ""}${piece}${start + excerpt.length < line.length ? "…" : ""}`;
}

const wordBefore = (line: string, at: number): number => {
  const space = line.indexOf(" ", at);
  return space < 0 || space > at + 20 ? at : space + 1;
};
