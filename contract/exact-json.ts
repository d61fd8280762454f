/** Only a text with sixteen digits in a row, or with an exponent, can hold such a number; the others are parsed without a call per value. */
export const mayRound = (json: string): boolean => /\d{16}|(?:^|[\s,:[])-?\d[\d.]*[eE]\+?\d/.test(json);

/** No JSON that anybody means is nested so deep. Parsing a text of nothing but brackets takes seconds for each megabyte. */
export const deepestJson = 1_000;
/**
 * Values of one text: each list or object counts one, and each comma. The largest flow has some ten thousands; each costs a microsecond to
 * parse, and several more where it is checked.
 */
export const mostJsonParts = 300_000;

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * What of a JSON text is more than anybody means: "depth" where it is nested deeper than `deepestJson`, "parts" where it holds
 * more than `mostJsonParts` values. It looks at each character once, before anything is parsed.
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
    } else if (character === comma) {
      parts += 1;
      if (parts > mostJsonParts) return "parts";
    } else if (character === closeList || character === closeObject) depth -= 1;
  }
  return undefined;
}

const [minus, dot, zero, nine, colon] = [0x2d, 0x2e, 0x30, 0x39, 0x3a];
const isDigit = (character: number) => character >= zero && character <= nine;
const isBlank = (character: number) => character === 0x20 || character === 0x0a || character === 0x0d || character === 0x09;
/** The letters and signs of which a number may consist: a fraction or an exponent makes it no integer. */
const isOfNumber = (character: number) =>
  isDigit(character) || character === minus || character === dot || character === 0x2b || character === 0x65 || character === 0x45;

/**
 * The text with quotes around each number that JavaScript's numbers cannot hold. It looks at each character once: a reviver, which is told
 * the text of each value too, takes ten microseconds for each of them.
 */
function quoteUnsafeNumbers(json: string): string {
  const pieces: string[] = [];
  let taken = 0;
  for (let i = 0; i < json.length; i += 1) {
    const character = json.charCodeAt(i);
    if (character === quote) {
      for (i += 1; i < json.length && json.charCodeAt(i) !== quote; i += 1) if (json.charCodeAt(i) === backslash) i += 1;
    } else if (isOfNumber(character)) {
      const from = i;
      let isWhole = true;
      for (; i < json.length && isOfNumber(json.charCodeAt(i)); i += 1)
        if (!isDigit(json.charCodeAt(i)) && (i > from || json.charCodeAt(i) !== minus)) isWhole = false;
      if ((isWhole ? isUnsafe(json, from, i) : isTooLarge(json.slice(from, i))) && !isName(json, i)) {
        pieces.push(json.slice(taken, from), json.slice(from, i).replace(/\.0+$/, ""));
        taken = i;
      }
      i -= 1;
    }
  }
  if (pieces.length === 0) return json;
  pieces.push(json.slice(taken));
  return pieces.join('"');
}

/** What JSON does not allow stays as it is and is refused: a zero before other digits, and a number in the place of a name. */
function isUnsafe(json: string, from: number, to: number): boolean {
  const first = json.charCodeAt(from) === minus ? from + 1 : from;
  if (json.charCodeAt(first) === zero) return false;
  if (to - first < 16) return false;
  // Of sixteen digits some can be held.
  return !(to - first === 16 && Number.isSafeInteger(Number(json.slice(from, to))));
}

function isName(json: string, to: number): boolean {
  let next = to;
  while (isBlank(json.charCodeAt(next))) next += 1;
  return json.charCodeAt(next) === colon;
}

/**
 * Says whether a number with a fraction or an exponent is beyond the integers that can be told apart: tools that take a column with gaps for
 * decimals write the id 7615917337495251231 as 7615917337495251231.0, and 1e400 would become nothing.
 */
const isTooLarge = (literal: string): boolean =>
  Math.abs(Number(literal)) > Number.MAX_SAFE_INTEGER && /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(literal);

/**
 * Parses JSON with or without a byte order mark before it. A number that is too large to be held exactly stays the text that was
 * sent, without zeros behind its dot: 7615917337495251231 would become 7615917337495251000, and a wrong digit in an id is worse than an
 * unexpected type.
 * @throws SyntaxError
 */
export function parseExactJson(text: string): unknown {
  const json = text.startsWith("\uFEFF") ? text.slice(1) : text;
  return JSON.parse(mayRound(json) ? quoteUnsafeNumbers(json) : json);
}
