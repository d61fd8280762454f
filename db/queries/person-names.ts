import { foldName } from "#contract/fold.ts";

/**
 * Compares the names of two records to tell whether they may be one person. A shared phone number connects two records
 * weakly, because families, offices and couples share numbers. A shared address connects them more strongly, so a new
 * family name is then believed.
 */
export interface PersonName {
  name: string | null;
  firstname: string | null;
  lastname: string | null;
}

/** The words of a name as they are compared, read once for each record. */
export interface NameWords {
  given: readonly string[];
  family: readonly string[];
  /** All words; of a name that is not split into its parts, the only ones. */
  all: readonly string[];
}

const titles = new Set(["mr", "mrs", "ms", "miss", "dr", "prof", "herr", "frau", "mme", "mlle", "jr", "sr"]);

export function nameWords({ name, firstname, lastname }: PersonName): NameWords {
  const [given, family] = [wordsOf(firstname), wordsOf(lastname)];
  const parts = [...given, ...family];
  return { given, family, all: parts.length > 0 ? parts : wordsOf(name) };
}

function wordsOf(text: string | null): string[] {
  const words = foldName(text ?? "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  const kept = words.filter((word) => !titles.has(word));
  return kept.length > 0 ? kept : words;
}

/** Whether these are the names of two people who share a phone number. A name that says nothing contradicts nothing. */
export function areOtherNames(a: NameWords, b: NameWords): boolean {
  if (isSplit(a) && isSplit(b)) {
    if (disagree(a.given, b.given)) return true;
    return a.given.length > 0 && b.given.length > 0 && disagree(a.family, b.family);
  }
  return disagree(a.all, b.all);
}

/** Whether these are the names of two people who share an address: their first names differ. */
export function areOtherFirstNames(a: NameWords, b: NameWords): boolean {
  if (isSplit(a) && isSplit(b)) return disagree(a.given, b.given);
  const [first, second] = [a.all[0], b.all[0]];
  if (first === undefined || second === undefined) return false;
  return !b.all.some((word) => agree(first, word)) && !a.all.some((word) => agree(second, word));
}

const isSplit = ({ given, family }: NameWords): boolean => given.length + family.length > 0;

/** Whether both name somebody and the shorter one has a word that the longer one lacks: "Ann" and "Ann Maria" agree. */
function disagree(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return false;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return !short.every((word) => long.some((other) => agree(word, other)));
}

/** An initial agrees with every word that it begins: "A. Smith" may be "Ann Smith". */
const agree = (a: string, b: string): boolean => a === b || (a.length === 1 && b.startsWith(a)) || (b.length === 1 && a.startsWith(b));
