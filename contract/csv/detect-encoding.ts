import { analyse } from "chardet";
import type { Encoding } from "./encodings.ts";

/**
 * Finds the encoding of a file. A byte order mark decides, then the zeros of UTF-16, then whether the bytes are UTF-8, bad
 * ones apart. What remains is one of the older encodings: they differ only in what their bytes would spell, so each is
 * tried on the values that are not plain ASCII, and the one that spells words wins. chardet, which knows which letters
 * follow each other in the languages of Europe, decides where two encodings spell words.
 *
 * Undefined when the bytes are no text at all.
 */
export function detectEncoding(bytes: Uint8Array): Encoding | undefined {
  const marked = byteOrderMark(bytes);
  if (marked) return marked;
  if (hasMany(bytes, isControl)) return undefined;
  const unmarked = utf16WithoutMark(bytes);
  if (unmarked) return unmarked;
  if (hasMany(bytes, (byte) => byte === 0)) return undefined;
  const { valid, invalid } = utf8Sequences(bytes);
  if (invalid === 0 || valid > invalid) return "utf-8";
  return mostPlausible(bytes);
}

function byteOrderMark(bytes: Uint8Array): Encoding | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return undefined;
}

const sampled = 64 * 1024;

/** The ASCII letters and commas of a UTF-16 file have a zero in every second byte. */
function utf16WithoutMark(bytes: Uint8Array): Encoding | undefined {
  const length = Math.min(bytes.length, sampled) & ~1;
  const zeros: [number, number] = [0, 0];
  for (let at = 0; at < length; at += 1) if (bytes[at] === 0) zeros[(at & 1) as 0 | 1] += 1;
  const few = length / 2 / 50;
  if (zeros[1] > length / 2 / 5 && zeros[0] <= few) return "utf-16le";
  if (zeros[0] > length / 2 / 5 && zeros[1] <= few) return "utf-16be";
  return undefined;
}

const isControl = (byte: number) => (byte > 0 && byte < 0x09) || (byte > 0x0d && byte < 0x20 && byte !== 0x1a && byte !== 0x1b);

/** A text has fewer than one such byte in a hundred. A single stray byte is no reason to refuse a file. */
function hasMany(bytes: Uint8Array, isStrange: (byte: number) => boolean): boolean {
  const head = bytes.subarray(0, sampled);
  return head.reduce((count, byte) => count + (isStrange(byte) ? 1 : 0), 0) * 100 > head.length;
}

function utf8Sequences(bytes: Uint8Array): { valid: number; invalid: number } {
  let valid = 0;
  let invalid = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte < 0x80) continue;
    const length = byte >= 0xc2 && byte < 0xe0 ? 2 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xf0 && byte < 0xf5 ? 4 : 0;
    let follow = 1;
    while (follow < length && ((bytes[at + follow] ?? 0) & 0xc0) === 0x80) follow += 1;
    if (length > 0 && follow === length) {
      valid += 1;
      at += length - 1;
    } else invalid += 1;
  }
  return { valid, invalid };
}

const candidates = ["windows-1252", "windows-1250", "windows-1251", "windows-1253", "macintosh", "shift_jis", "gbk"] as const;
type Candidate = (typeof candidates)[number];

/** The names under which chardet answers what a candidate reads. */
const chardetNames: Record<Candidate, readonly string[]> = {
  "windows-1252": ["windows-1252", "ISO-8859-1"],
  "windows-1250": ["windows-1250", "ISO-8859-2"],
  "windows-1251": ["windows-1251"],
  "windows-1253": ["windows-1253", "ISO-8859-7"],
  macintosh: [],
  shift_jis: ["Shift_JIS"],
  gbk: ["GB18030"],
};

function mostPlausible(bytes: Uint8Array): Encoding {
  const sample = valuesBeyondAscii(bytes);
  const heard = analyse(bytes.subarray(0, sampled));
  let best: { encoding: Encoding; score: number } = { encoding: "windows-1252", score: Number.NEGATIVE_INFINITY };
  for (const encoding of candidates) {
    const confidence = Math.max(0, ...heard.filter(({ name }) => chardetNames[encoding].includes(name)).map((match) => match.confidence));
    const score = plausibility(new TextDecoder(encoding).decode(sample), encoding) + confidence / 100;
    if (score > best.score) best = { encoding, score };
  }
  return best.encoding;
}

/** The values that hold a byte above ASCII, one a line. No encoding here uses the parting characters inside of others. */
function valuesBeyondAscii(bytes: Uint8Array): Uint8Array {
  const values: number[] = [];
  let start = 0;
  let isBeyond = false;
  for (let at = 0; at <= bytes.length && values.length < sampled; at += 1) {
    const byte = bytes[at] ?? 0x0a;
    if (byte >= 0x80) isBeyond = true;
    if (byte !== 0x0a && byte !== 0x0d && byte !== 0x09 && byte !== 0x22 && byte !== 0x2c && byte !== 0x3b) continue;
    if (isBeyond) values.push(...bytes.subarray(start, Math.min(at, start + 2000)), 0x0a);
    start = at + 1;
    isBeyond = false;
  }
  return Uint8Array.from(values);
}

/** How much a decoded text looks like words, for each character beyond ASCII: 1 is a good word, below 0 is none. */
function plausibility(text: string, encoding: Candidate): number {
  const characters = [...text];
  let sum = 0;
  let count = 0;
  for (const [at, character] of characters.entries()) {
    if (character < "\u0080") continue;
    count += 1;
    sum += judges[encoding](character, characters[at - 1] ?? "\n", characters[at + 1] ?? "\n");
  }
  return count === 0 ? 0 : sum / count;
}

type Judge = (character: string, before: string, after: string) => number;

const isLetter = (character: string) => /\p{L}/u.test(character);
const isAsciiLetter = (character: string) => /[a-z]/i.test(character);
const isUpper = (character: string) => /\p{Lu}/u.test(character);
const isLower = (character: string) => /\p{Ll}/u.test(character);
const isVowel = (character: string) => /[aeiouyøæœαεηιουωаеиоуыэюяіє]/u.test(character.normalize("NFD").charAt(0).toLowerCase());
/** "Jźrgen" and "Kovaèeviæ" are misread: a consonant seldom stands between consonants, a vowel seldom between vowels. */
const isCrowded = (character: string, before: string, after: string) =>
  isLetter(before) && isLetter(after) && isVowel(before) === isVowel(character) && isVowel(after) === isVowel(character);
const hasStrayCapital = (character: string, before: string, after: string) =>
  (isUpper(character) && isLower(before)) || (isLower(character) && isUpper(after));

/** Signs that typists use, which may touch a word: those that close or join, and those that open. */
const closing = "’”»–—…·•°®™©ºª\u00A0";
const opening = "‘“„«€№¡¿";

const latin =
  (common: string, rare: string): Judge =>
  (character, before, after) => {
    if (hasStrayCapital(character, before, after)) return -1;
    const weight = common.includes(character.toLowerCase()) ? 1 : rare.includes(character.toLowerCase()) ? 0.5 : 0;
    if (weight > 0 && !isLetter(before) && !isLetter(after)) return 0.2;
    if (weight > 0) return weight - (isCrowded(character, before, after) ? 0.7 : 0) - (before > "\u007F" && after > "\u007F" ? 0.4 : 0);
    if (character === "’") return 0.5;
    if (closing.includes(character)) return isLetter(after) ? -1 : 0.5;
    if (opening.includes(character)) return isLetter(before) ? -1 : 0.3;
    return isLetter(before) || isLetter(after) ? -2 : -0.5;
  };

const script =
  (letters: RegExp, rare: RegExp): Judge =>
  (character, before, after) => {
    if (!letters.test(character)) return closing.includes(character) || opening.includes(character) ? 0.3 : -1.5;
    if (hasStrayCapital(character, before, after) || isAsciiLetter(before) || isAsciiLetter(after)) return -1.5;
    if (rare.test(character)) return -0.5;
    if (!letters.test(before) && !letters.test(after)) return 0;
    return isCrowded(character, before, after) ? 1 : 1.3;
  };

/** The everyday half of a character set: the part of its table that is ordered by frequency of use. */
function everyday(encoding: Encoding, leads: [number, number], trails: [number, number]): Set<string> {
  const bytes: number[] = [];
  for (let lead = leads[0]; lead <= leads[1]; lead += 1) {
    for (let trail = trails[0]; trail <= trails[1]; trail += 1) if (trail !== 0x7f) bytes.push(lead, trail);
  }
  return new Set(new TextDecoder(encoding).decode(Uint8Array.from(bytes)));
}

const eastAsian = (frequent: () => Set<string>, also: RegExp): Judge => {
  let known: Set<string> | undefined;
  return (character, before, after) => {
    known ??= frequent();
    if (character === "\u{FFFD}") return -2;
    if (isAsciiLetter(before) || isAsciiLetter(after)) return -1;
    if (known.has(character) || also.test(character)) return 1.2;
    return /\p{Script=Han}/u.test(character) ? 0.3 : -0.5;
  };
};

const western = "éèáíóúñüöäåøçãõêâîôûïëàßæ";
const judges: Record<Candidate, Judge> = {
  "windows-1252": latin(western, "œžšìòùýðþ"),
  macintosh: latin(western, "œìòù"),
  "windows-1250": latin("ąćęłńóśźżáčďéěíňřšťúůýžäôľöüőűăâîđßţş", "ĺŕçë"),
  "windows-1251": script(/\p{Script=Cyrillic}/u, /[ЂЃѓЉЊЌЋЏђљњќћџЈјЅѕЎўҐґ]/u),
  "windows-1253": script(/\p{Script=Greek}/u, /[ΐΰ]/u),
  shift_jis: eastAsian(() => everyday("shift_jis", [0x88, 0x97], [0x9f, 0xfc]), /[\u3040-\u30ff々ー・]/u),
  gbk: eastAsian(() => everyday("gbk", [0xb0, 0xd7], [0xa1, 0xfe]), /[·（），。]/u),
};
