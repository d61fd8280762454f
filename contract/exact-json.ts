/** `JSON.parse` tells a reviver the text of a value, which TypeScript's library does not know yet. */
type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown;

/**
 * Keeps an integer that a number cannot hold exactly as the text that was sent: 7615917337495251231 would become
 * 7615917337495251000, and a wrong digit in an id is worse than an unexpected type.
 */
const keepExact: Reviver = (_, value, context) =>
  typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? "") ? context?.source : value;

/** Only a text with sixteen digits in a row can hold such an integer; the others are parsed without a call per value. */
export const mayRound = (json: string): boolean => /\d{16}/.test(json);

/** No JSON that anybody means is nested so deep. Parsing a text of nothing but brackets takes seconds for each megabyte. */
export const deepestJson = 1_000;
/** Lists and objects of one text. The largest flow has some ten thousands; each costs a microsecond to parse, and later more. */
export const mostJsonParts = 300_000;

const [quote, backslash] = [0x22, 0x5c];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * What of a JSON text is more than anybody means: "depth" where it is nested deeper than `deepestJson`, "parts" where it holds
 * more than `mostJsonParts` lists and objects. It looks at each character once, before anything is parsed.
 */
export function jsonExcess(json: string): "depth" | "parts" | undefined {
  let depth = 0;
  let parts = 0;
  for (let i = 0; i < json.length; i += 1) {
    const character = json.charCodeAt(i);
    if (character === quote) {
      for (i += 1; i < json.length && json.charCodeAt(i) !== quote; i += 1) if (json.charCodeAt(i) === backslash) i += 1;
    } else if (character === openList || character === openObject) {
      depth += 1;
      parts += 1;
      if (depth > deepestJson) return "depth";
      if (parts > mostJsonParts) return "parts";
    } else if (character === closeList || character === closeObject) depth -= 1;
  }
  return undefined;
}

/** Parses JSON without rounding integers, with or without a byte order mark before it. @throws SyntaxError */
export function parseExactJson(text: string): unknown {
  const json = text.startsWith("\uFEFF") ? text.slice(1) : text;
  if (!mayRound(json)) return JSON.parse(json);
  try {
    return JSON.parse(json, keepExact as Parameters<typeof JSON.parse>[1]);
  } catch (error) {
    // A reviver is called recursively. What is nested too deep for it is refused by those who read it.
    if (error instanceof RangeError) return JSON.parse(json);
    throw error;
  }
}
