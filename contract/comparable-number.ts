/**
 * A number as a person writes it: "1200", "1,200.50", "$1,200.50", "-5 €", "12%". Commas, narrow spaces and apostrophes part
 * groups of three digits, a point begins the fraction, and one sign of a currency or "%" is a unit. "1,5" and "1.200,50" are
 * no numbers, because half of the world reads them in another way.
 */
const written =
  /^([+-]?)(\p{Sc}?)[ \u00a0]?([+-]?)(\d{1,40}|\d{1,3}(?:([,\u00a0\u202f'\u2019])\d{3})(?:\5\d{3})*)(?:\.(\d{1,40}))?[ \u00a0]?(\p{Sc}|%)?$/u;

interface Decimal {
  negative: boolean;
  digits: string;
  fraction: string;
  unit: string;
  /** The text could be a code: it has zeros at its beginning, or a plus sign. */
  isCode: boolean;
}

function readDecimal(value: unknown): Decimal | undefined {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint") return undefined;
  const match = written.exec(plainText(value));
  if (!match) return undefined;
  const [, sign = "", before = "", inner = "", whole = "", , fraction = "", after = ""] = match;
  if ((sign !== "" && inner !== "") || (before !== "" && after !== "")) return undefined;
  const digits = whole.replace(/\D/g, "");
  return {
    negative: sign === "-" || inner === "-",
    digits: digits.replace(/^0+(?=\d)/, ""),
    fraction: fraction.replace(/0+$/, ""),
    unit: before || after,
    isCode: /^0\d/.test(digits) || sign === "+" || inner === "+",
  };
}

const plainText = (value: string | number | bigint): string => (typeof value === "number" ? plainNumber(value) : String(value).trim());

/** A number in digits. JavaScript writes large and tiny ones with an exponent, which nobody reads as a number. */
export function plainNumber(value: number): string {
  const text = String(value);
  return /e/.test(text) ? value.toLocaleString("en", { useGrouping: false, maximumFractionDigits: 40 }) : text;
}

/** The exact sum of two decimals; undefined where a JavaScript number cannot hold all of its digits. */
export function addDecimals(a: number, b: number): number | undefined {
  const [one, other] = [readDecimal(a), readDecimal(b)];
  if (!one || !other) return undefined;
  const places = Math.max(one.fraction.length, other.fraction.length);
  const sum = scaled(one, places) + scaled(other, places);
  const digits = `${sum < 0n ? -sum : sum}`.padStart(places + 1, "0");
  const text = `${sum < 0n ? "-" : ""}${digits.slice(0, digits.length - places)}.${digits.slice(digits.length - places)}`;
  return compareNumbers(Number(text), places === 0 ? text.slice(0, -1) : text) === 0 ? Number(text) : undefined;
}

/** The decimal in units of its last place. */
function scaled({ negative, digits, fraction }: Decimal, places: number): bigint {
  const size = BigInt(digits + fraction.padEnd(places, "0"));
  return negative ? -size : size;
}

/**
 * Which of two values is the larger number: below 0, 0 or above 0. It is undefined where one is no number, or their units
 * differ. The comparison is exact for any number of digits.
 */
export function compareNumbers(a: unknown, b: unknown): number | undefined {
  const [one, other] = [readDecimal(a), readDecimal(b)];
  if (!one || !other || (one.unit !== other.unit && one.unit !== "" && other.unit !== "")) return undefined;
  const places = Math.max(one.fraction.length, other.fraction.length);
  const difference = scaled(one, places) - scaled(other, places);
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}

/**
 * A number in the one form that all its spellings share: "5", "5.0" and 5 are the same number, and so are "1,200" and
 * 1200. It is undefined for texts that are no number, and for codes: "007" and "7" are different codes. Numbers with the
 * same `digits` are the same where their units are equal or one has none.
 */
export function readNumber(value: unknown): { digits: string; unit: string } | undefined {
  const decimal = readDecimal(value);
  if (!decimal || decimal.isCode) return undefined;
  const { negative, digits, fraction, unit } = decimal;
  const isZero = digits === "0" && fraction === "";
  return { digits: `${negative && !isZero ? "-" : ""}${digits}.${fraction}`, unit };
}
