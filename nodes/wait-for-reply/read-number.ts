import { foldName } from "#contract/fold.ts";

/** Words that make another number of the one before them. */
const multiplies =
  /\d\s*(?:k|thousand|tausend|tsd|mil|mille|millions?|million|millionen|mio|hundred|hundert|cent|cien|dozen|dutzend|χιλιαδες|χιλιαδεσ)(?![\p{L}\p{N}])/u;
/** Words and signs before a number that say it is another one. */
const turns =
  /(?:(?<![\p{L}\p{N}])(?:not|nicht|kein|pas|δεν|(?:more|less|fewer|greater|higher|lower) than|over|under|above|below|mehr als|weniger als|uber|unter|plus de|moins de|mas de|menos de)\s+|[<>≤≥±~]\s*)[-+]?\d/u;

/**
 * The number in a text that holds exactly one: "4", "I'd say 4.5", "4/5", "4 out of 5". Of two numbers nobody knows which was
 * meant, nor whether 1.000 is one or a thousand. Both a point and a comma may stand before decimals.
 */
export function readNumber(text: string): number | undefined {
  // Folded, 10² would be 102 and 4½ would be 41⁄2.
  const folded = foldName(text.replace(/\p{No}/gu, "x"));
  if (multiplies.test(folded) || turns.test(folded)) return undefined;
  const plain = folded
    .replace(/[−‒–](?=\d)/gu, "-")
    .replace(/(?<=\d)['’](?=\d{3}(?!\d))/gu, "")
    .replace(/(\d)\s*(?:\/|out of|of|von|sur|de)\s*\d+(?![\d.,])/u, "$1");
  const found = plain.match(/(?<![\p{L}\d.,])[-+]?\d+(?:[.,]\d+)*(?![\d\p{L}])/gu) ?? [];
  const [only] = found;
  if (only === undefined || found.length > 1 || only.length > 20) return undefined;
  const decimal = withoutGroups(only);
  const number = decimal === undefined ? Number.NaN : Number(decimal);
  return Number.isFinite(number) ? number : undefined;
}

/** In 1,200 the comma parts thousands; in 4,5 it stands before decimals. Undefined where a number can be read in two ways. */
function withoutGroups(text: string): string | undefined {
  if (/^[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(text)) return text.replaceAll(",", "");
  if (/^[-+]?[1-9]\d{0,2}(\.\d{3})+,\d+$/.test(text) || /^[-+]?[1-9]\d{0,2}(\.\d{3}){2,}$/.test(text))
    return text.replaceAll(".", "").replace(",", ".");
  // A thousand to a German, and one to an American.
  if (/^[-+]?[1-9]\d{0,2}\.\d{3}$/.test(text)) return undefined;
  return /^[-+]?\d+([.,]\d+)?$/.test(text) ? text.replace(",", ".") : undefined;
}
