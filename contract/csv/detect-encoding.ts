import { analyse } from "chardet";
import { type Candidate, plausibility } from "./encoding-judges.ts";
import { decode, type Encoding } from "./encodings.ts";

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

/**
 * The names under which chardet answers what a candidate reads, and how seldom files are written in it beside those that look alike:
 * so much better must its words be.
 */
const candidates: Record<Candidate, { heardAs?: readonly string[]; seldom?: number }> = {
  "windows-1252": { heardAs: ["windows-1252", "ISO-8859-1"] },
  "windows-1250": { heardAs: ["windows-1250", "ISO-8859-2"], seldom: 0.1 },
  "windows-1251": { heardAs: ["windows-1251"] },
  "windows-1253": { heardAs: ["windows-1253", "ISO-8859-7"] },
  "iso-8859-7": { heardAs: ["ISO-8859-7"], seldom: 0.1 },
  "iso-8859-15": { heardAs: ["ISO-8859-1"], seldom: 0.1 },
  macintosh: {},
  shift_jis: { heardAs: ["Shift_JIS"] },
  gbk: { heardAs: ["GB18030"] },
  ibm850: { seldom: 0.15 },
  "windows-1254": { heardAs: ["windows-1254", "ISO-8859-9"], seldom: 0.1 },
  "iso-8859-2": { heardAs: ["ISO-8859-2"], seldom: 0.2 },
  "windows-1257": { seldom: 0.25 },
  "koi8-r": { heardAs: ["KOI8-R"], seldom: 0.1 },
  ibm866: { seldom: 0.2 },
  ibm852: { seldom: 0.3 },
  "windows-1255": { heardAs: ["windows-1255", "ISO-8859-8"] },
  "windows-1256": { heardAs: ["windows-1256", "ISO-8859-6"], seldom: 0.2 },
  "windows-874": { seldom: 0.2 },
  big5: { heardAs: ["Big5"], seldom: 0.1 },
  "euc-kr": { heardAs: ["EUC-KR"], seldom: 0.1 },
  "euc-jp": { heardAs: ["EUC-JP"], seldom: 0.1 },
};

function mostPlausible(bytes: Uint8Array): Encoding {
  const sample = valuesBeyondAscii(bytes);
  const heard = analyse(bytes.subarray(0, sampled));
  let best: { encoding: Encoding; score: number } = { encoding: "windows-1252", score: Number.NEGATIVE_INFINITY };
  for (const [encoding, { heardAs = [], seldom = 0 }] of Object.entries(candidates) as [Candidate, (typeof candidates)[Candidate]][]) {
    const confidence = Math.max(0, ...heard.filter(({ name }) => heardAs.includes(name)).map((match) => match.confidence));
    const score = plausibility(decode(sample, encoding), encoding) + confidence / 200 - seldom;
    if (score > best.score) best = { encoding, score };
  }
  return best.encoding;
}

/** So many bytes are enough to judge by, and each of many encodings is tried on them. */
const judged = 16 * 1024;

/** The values that hold a byte above ASCII, one a line. No encoding here uses the parting characters inside of others. */
function valuesBeyondAscii(bytes: Uint8Array): Uint8Array {
  const values: number[] = [];
  let start = 0;
  let isBeyond = false;
  for (let at = 0; at <= bytes.length && values.length < judged; at += 1) {
    const byte = bytes[at] ?? 0x0a;
    if (byte >= 0x80) isBeyond = true;
    if (byte !== 0x0a && byte !== 0x0d && byte !== 0x09 && byte !== 0x22 && byte !== 0x2c && byte !== 0x3b) continue;
    if (isBeyond) values.push(...bytes.subarray(start, Math.min(at, start + 2000)), 0x0a);
    start = at + 1;
    isBeyond = false;
  }
  return Uint8Array.from(values);
}
