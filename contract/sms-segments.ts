/** How many SMS parts a text needs, which decides its price. */
export interface SmsSegments {
  encoding: "gsm7" | "ucs2";
  /** Parts that the network bills; 0 for an empty text. */
  segments: number;
  /** Septets (gsm7) or 16-bit units (ucs2) of the whole text. */
  units: number;
  /** Units that still fit into the last part. */
  left: number;
  /** The characters that keep the text out of the cheaper alphabet, each once, in order of appearance. */
  offending: string[];
}

/** A single message has 140 bytes. Each part of a longer one loses six or seven of them to the header that joins the parts. */
const limits = { gsm7: { single: 160, part: 153 }, ucs2: { single: 70, part: 67 } } as const;

const basic = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
/** Each is written with an escape and takes two septets. */
const extended = new Set("\f^{}\\[~]|€");

/**
 * Counts the parts of a text. Pass the text after merging: one emoji or curly quote in a name moves the whole message to
 * the alphabet with 70 characters per part.
 */
export function countSegments(text: string): SmsSegments {
  const characters = [...text];
  const offending = [...new Set(characters.filter((character) => !basic.has(character) && !extended.has(character)))];
  const encoding = offending.length === 0 ? "gsm7" : "ucs2";
  const sizes = characters.map((character) => (encoding === "ucs2" ? character.length : extended.has(character) ? 2 : 1));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const limit = limits[encoding];
  if (units <= limit.single) {
    return { encoding, segments: units === 0 ? 0 : 1, units, left: limit.single - units, offending };
  }
  const { segments, used } = pack(sizes, limit.part);
  return { encoding, segments, units, left: limit.part - used, offending };
}

/** A class of characters is told from one string of them: of those in `basic` only the hyphen has a meaning there. */
const allBasic = new RegExp(`^[${[...basic].join("").replace("-", "\\-")}]*$`);

/** The number of parts alone, for those who count thousands: most texts hold only characters of one septet. */
export function countParts(text: string): number {
  if (!allBasic.test(text)) return countSegments(text).segments;
  if (text.length <= limits.gsm7.single) return text === "" ? 0 : 1;
  return Math.ceil(text.length / limits.gsm7.part);
}

/** A character of two units is never split. If only one unit is left, the unit stays empty and the character begins the next part. */
function pack(sizes: number[], part: number): { segments: number; used: number } {
  let segments = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > part) {
      segments += 1;
      used = 0;
    }
    used += size;
  }
  return { segments, used };
}

/** Typographic characters that text editors put in by themselves, with what stands for them in the cheaper alphabet. */
const plainer: readonly (readonly [characters: string, instead: string])[] = [
  ["‘’‚‛′`´ʼ", "'"],
  ["“”„‟″«»", '"'],
  ["‹", "<"],
  ["›", ">"],
  ["–—―‐‑−", "-"],
  ["…", "..."],
  ["•·", "*"],
  ["\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\t", " "],
  ["\u00ad\u200b\u2060\ufeff", ""],
];
const instead = new Map(plainer.flatMap(([characters, text]) => [...characters].map((character) => [character, text] as const)));

/** What can stand for a character outside of the cheaper alphabet without changing what is said; undefined where nothing can. */
export const plainCharacter = (character: string): string | undefined => instead.get(character);
