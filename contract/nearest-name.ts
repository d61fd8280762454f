import { contactFields, contactNames, fieldOf, importableFields } from "./contact-fields.ts";
import { plainWords } from "./csv/headers.ts";
import { customKey } from "./custom-fields.ts";
import { writeFieldPath } from "./field-path.ts";

/** Lower case without accents, blanks and signs: "First Name", "first_name" and "FirstName" are one. */
const foldName = (name: string): string => plainWords(name).replaceAll(" ", "");

/** "FirstName" as "First Name". */
const partWords = (name: string): string => name.replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2");

/** Names that others are compared with. A list that stays the same object is folded once, however many names are asked for. */
export type KnownNameList = readonly string[] | ReadonlySet<string>;

interface FoldedNames {
  own: ReadonlySet<string>;
  /** The first name of each folded form. */
  byFolded: ReadonlyMap<string, string>;
}

const foldedLists = new WeakMap<KnownNameList, FoldedNames>();

function foldedNames(known: KnownNameList): FoldedNames {
  const before = foldedLists.get(known);
  if (before) return before;
  const byFolded = new Map<string, string>();
  for (const name of known) {
    const folded = foldName(name);
    if (!byFolded.has(folded)) byFolded.set(folded, name);
  }
  const names = { own: new Set(known), byFolded };
  foldedLists.set(known, names);
  return names;
}

/** The known name that differs from this one in case, blanks, signs and accents only. */
export function findVariant(name: string, known: KnownNameList): string | undefined {
  const { own, byFolded } = foldedNames(known);
  const key = customKey(partWords(name));
  if (key !== undefined && own.has(key)) return key;
  const folded = foldName(name);
  return folded === "" ? undefined : byFolded.get(folded);
}

/** The known name that was probably meant: a variant, or else the one with the fewest typing errors. */
export function findNearest(name: string, known: KnownNameList): string | undefined {
  const variant = findVariant(name, known);
  if (variant !== undefined) return variant;
  const folded = foldName(name);
  if (folded.length < 3 || folded.length > 60) return undefined;
  const allowed = folded.length < 8 ? 1 : 2;
  let best: { name: string; distance: number } | undefined;
  for (const [each, own] of foldedNames(known).byFolded) {
    const distance = typingErrors(folded, each, allowed);
    if (distance <= allowed && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { name: own, distance };
  }
  return best?.name;
}

/** The name of something of a contact that differs in writing only, or that other products call so: "surname" is lastname. */
export function findContactName(name: string): string | undefined {
  const variant = findVariant(name, contactNames);
  if (variant !== undefined) return variant;
  return fieldsByHeader.get(plainWords(partWords(name)));
}

const fieldsByHeader = new Map(
  importableFields.toReversed().flatMap((field) => contactFields[field].headers.map((header): [string, string] => [header, field])),
);

/** The name of something of a contact that was probably meant, also where it is mistyped. */
export const findNearestContactName = (name: string): string | undefined => findContactName(name) ?? findNearest(name, contactNames);

/**
 * What the author of a text probably meant where the name cannot be read at all, as "First Name" cannot. Undefined where it is
 * not a name that somebody wrote with blanks or signs.
 */
export function suggestReadable(source: string): string | undefined {
  const match = /^(contact\.)?(?:(custom|metadata)\.)?([\p{L}\p{N}][^"{}[\]|]{0,100})$/u.exec(source);
  if (!match) return undefined;
  const [, contact, namespace, name = ""] = match;
  const prefix = contact ? ["contact"] : [];
  if (namespace !== undefined) return writeFieldPath([...prefix, namespace, name]);
  const known = findContactName(name);
  if (known !== undefined) return writeFieldPath([...prefix, known]);
  const key = customKey(name);
  // A bare key is looked for among the custom fields, so it needs no prefix, unless a column has that name.
  if (!contact && key !== undefined && fieldOf(key) === undefined) return key;
  return writeFieldPath([...prefix, "custom", key ?? name]);
}

/** Names that are compared have at most sixty letters. These are used again for each comparison, of which a flow may need millions. */
const rows: [number[], number[], number[]] = [Array(70).fill(0), Array(70).fill(0), Array(70).fill(0)];

/**
 * The number of letters to insert, remove, replace or swap with their neighbour to get from one word to the other. Counting
 * ends above `most`, and looks only at places that so few errors can lead to.
 */
function typingErrors(from: string, to: string, most: number): number {
  const tooMany = most + 1;
  if (Math.abs(from.length - to.length) > most) return tooMany;
  // Letters that both begin or end with need no errors.
  let start = 0;
  let [a, b] = [from.length, to.length];
  while (start < a && start < b && from.charCodeAt(start) === to.charCodeAt(start)) start += 1;
  while (a > start && b > start && from.charCodeAt(a - 1) === to.charCodeAt(b - 1)) {
    a -= 1;
    b -= 1;
  }
  a -= start;
  b -= start;
  if (a === 0 || b === 0) return Math.max(a, b);
  const fromAt = (index: number) => from.charCodeAt(start + index - 1);
  const toAt = (index: number) => to.charCodeAt(start + index - 1);
  let [before, row, next] = rows;
  for (let j = 0; j <= Math.min(b, tooMany); j += 1) row[j] = j;
  let leastBefore = 0;
  for (let i = 1; i <= a; i += 1) {
    const first = Math.max(1, i - most);
    const last = Math.min(b, i + most);
    // Places beside those that are looked at cost too much.
    let left = first === 1 && i <= most ? i : tooMany;
    next[first - 1] = left;
    let least = left;
    for (let j = first; j <= last; j += 1) {
      let errors = Math.min((row[j] as number) + 1, left + 1, (row[j - 1] as number) + (fromAt(i) === toAt(j) ? 0 : 1));
      if (i > 1 && j > 1 && fromAt(i) === toAt(j - 1) && fromAt(i - 1) === toAt(j))
        errors = Math.min(errors, (before[j - 2] as number) + 1);
      next[j] = errors;
      left = errors;
      least = Math.min(least, errors);
    }
    if (last < b) next[last + 1] = tooMany;
    // A swap may come back from two rows before.
    if (least > most && leastBefore > most) return tooMany;
    leastBefore = least;
    [before, row, next] = [row, next, before];
  }
  return Math.min(row[b] as number, tooMany);
}
