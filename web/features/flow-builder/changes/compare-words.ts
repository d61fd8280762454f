import { diffWords } from "diff";

/** A stretch of a text: it stayed, it is new, or it is gone. */
export interface Stretch {
  kind: "kept" | "new" | "gone";
  text: string;
}

/** Words by the rules of Unicode, so that languages that write no blanks have words as well. */
const intlSegmenter = new Intl.Segmenter("en", { granularity: "word" });

/** Texts that share less than this allows are not worth comparing, and would keep the browser busy. */
const mostEdits = 1_000;

/** What became of the words of a text. Null where nothing but blanks and line breaks differs. */
export function compareWords(before: string, after: string): Stretch[] | null {
  const found = diffWords(before, after, { intlSegmenter, maxEditLength: mostEdits });
  if (found === undefined) return [gone(before), fresh(after)];
  if (found.every(({ added, removed }) => !added && !removed)) return null;
  return found.map(({ value, added, removed }) => (added ? fresh(value) : removed ? gone(value) : { kind: "kept", text: value }));
}

const gone = (text: string): Stretch => ({ kind: "gone", text });
const fresh = (text: string): Stretch => ({ kind: "new", text });

/** Characters that stay on each side of what is left out. */
const surroundings = 80;

/** The same without the middle of long stretches that stayed: a changed word is found among 100,000 characters. */
export function aroundChanges(stretches: readonly Stretch[]): Stretch[] {
  return stretches.map((one, index) => {
    if (one.kind !== "kept" || one.text.length <= 3 * surroundings) return one;
    const head = index === 0 ? "" : one.text.slice(0, surroundings).replace(/\s*\S*$/, " ");
    const tail = index === stretches.length - 1 ? "" : one.text.slice(-surroundings).replace(/^\S*\s*/, " ");
    return { kind: "kept", text: `${head}…${tail}` };
  });
}
