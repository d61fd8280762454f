/** How a text travels as SMS, which is what it costs. */
export interface SmsSegments {
  encoding: "gsm7" | "ucs2";
  /** Parts the network carries and bills; 0 for an empty text. */
  segments: number;
  /** Septets (gsm7) or 16-bit units (ucs2) of the whole text. */
  units: number;
  /** Units that still fit into the last part. */
  left: number;
  /** The characters that keep the text out of the cheaper alphabet, each once, in order of appearance. */
  offending: string[];
}

/** A lone message may use the whole 140 bytes; parts of a longer one give six or seven of them to the joining header. */
const limits = { gsm7: { single: 160, part: 153 }, ucs2: { single: 70, part: 67 } } as const;

const basic = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
/** Reached by an escape, so each takes two septets. */
const extended = new Set("\f^{}\\[~]|€");

/**
 * Counted on the text as it leaves, after merging: one emoji or curly quote in a name moves the whole message to the
 * alphabet with 70 characters a part.
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

/** A character of two units is never split: where one unit is left, it begins the next part and the unit stays empty. */
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
