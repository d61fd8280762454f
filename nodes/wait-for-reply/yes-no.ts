import { foldName } from "#contract/fold.ts";
import { longestPhrase, type PhraseKind, phraseKinds } from "./yes-no-words.ts";

/** More clauses are a letter, which nobody writes to say yes. */
const mostClauses = 12;

/** A day or a time of day, which is written with the signs that part clauses. The number behind "at" is one. */
const times =
  /(?<![\p{L}\d.,:])(?:(?:at|um|a las?|@|στισ|vers|a) )?(?:\d{1,2}[:.]\d{2}(?: ?(?:am|pm|a\.m\.|p\.m\.|uhr|h))?|\d{1,2} ?h(?:\d{2})?|\d{1,2} ?(?:am|pm|a\.m\.|p\.m\.|uhr|o['’ ]?clock)|\d{1,2}[./]\d{1,2}(?:[./](?:\d{2}|\d{4})|\.)?)(?![\p{L}\d])|(?<!\p{L})(?:at|um|a las?|στισ) \d{1,2}(?![\p{L}\d]|[.,:/]\d)/gu;

/** The words of a clause. A sign such as a thumb is a word, and a thumb of another colour is the same one. */
const wordsOf = (clause: string): string[] =>
  clause
    .replace(/[\u{1F3FB}-\u{1F3FF}]|\uFE0F|\u200D|♀|♂/gu, "")
    .replace(/100 ?%/g, " 100 percent ")
    .replace(/[^\p{L}\p{N}\p{S}\p{Extended_Pictographic}\s]/gu, " ")
    .replace(/[\p{So}\p{Extended_Pictographic}]/gu, " $& ")
    // "Yesss" and "noooo" are no other words.
    .replace(/(\p{L})\1{2,}/gu, "$1")
    .split(/\s+/)
    .filter((word) => word !== "");

/** The kinds of the phrases of a clause, each as long as can be; undefined where something in it is not known. */
function kindsIn(words: readonly string[], names: ReadonlySet<string>): PhraseKind[] | undefined {
  const kindOf = (phrase: string) => phraseKinds.get(phrase) ?? (names.has(phrase) ? "polite" : undefined);
  const kinds: PhraseKind[] = [];
  for (let at = 0; at < words.length; ) {
    let end = Math.min(at + longestPhrase, words.length);
    while (end > at && kindOf(words.slice(at, end).join(" ")) === undefined) end -= 1;
    const kind = kindOf(words.slice(at, end).join(" "));
    if (kind === undefined) return undefined;
    kinds.push(kind);
    at = end;
  }
  return kinds;
}

/**
 * Whether a text says yes or no. It does so only where all of it is understood: one unknown word may take back what the first one said, in
 * any language ("ok, please cancel"). Null where it says neither or both, or anything else. A yes or no that is only asked is none.
 * `names`: those of the people who write to each other, which a greeting and a signature hold as a whole.
 */
export function readYesNo(folded: string, names: readonly (string | null)[] = []): "yes" | "no" | null {
  const known = new Set(names.map((name) => wordsOf(foldName(name ?? "")).join(" ")).filter((name) => name !== ""));
  const clauses = folded.replace(times, " onetime ").match(/[^.,;:!?\n–—…]+[.,;:!?\n–—…]*/gu) ?? [];
  if (clauses.length > mostClauses) return null;
  const found = new Set<PhraseKind>();
  for (const clause of clauses) {
    const kinds = kindsIn(wordsOf(clause), known);
    if (kinds === undefined) return null;
    const isAsked = /\?[.,;:!\n–—…?]*$/u.test(clause);
    if (!isAsked) for (const kind of kinds) found.add(kind);
  }
  if (found.has("yes")) return found.has("no") || found.has("sorry") ? null : "yes";
  return found.has("no") && !found.has("glad") ? "no" : null;
}
