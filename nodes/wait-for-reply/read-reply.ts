import { foldName } from "#contract/fold.ts";
import type { ReplyCase } from "./definition.ts";
import { fitsPattern } from "./reply-pattern.ts";
import { readYesNo } from "./yes-no.ts";

/** More of a text is not looked at: who answers a question does so at the beginning. */
const longestRead = 1_000;

/** The part of a text that its sender wrote: an e-mail program sets what is answered below it. */
export function ownWords(text: string): string {
  const lines = text.slice(0, 20_000).split(/\r?\n/);
  const end = lines.findIndex((line, index) => quoteBegins(line, lines[index + 1]));
  // Who answers below or between what is quoted has written something else than the lines above.
  const own = (end < 0 ? lines : lines.slice(0, end)).join("\n").trim();
  return (
    own ||
    lines
      .filter((line) => !line.startsWith(">"))
      .join("\n")
      .trim()
  );
}

/** The line above a quotation ends with a colon and names a date; some programs break it in two. */
const quoteBegins = (line: string, next = ""): boolean =>
  /^\s*>/.test(line) ||
  /^\s*-{2,}\s*(original message|forwarded message|urspr|mensaje original|message d)/i.test(line) ||
  (/^\s*(on|am|el|le|στις)\s.*\d/i.test(line) &&
    /:\s*$/.test(`${line.slice(0, 300)}${/:\s*$/.test(line) ? "" : ` ${next.slice(0, 300)}`}`));

/** The first case that a reply is, and the number in it if the case asked for one. Undefined where it is none of them. */
export function findCase(cases: readonly ReplyCase[], text: string): { found: ReplyCase; number?: number } | undefined {
  const own = ownWords(text).slice(0, longestRead);
  const folded = foldName(own);
  const words = folded
    .replace(/[^\p{L}\p{N}\p{S}\p{Extended_Pictographic}\s]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  for (const found of cases) {
    switch (found.is) {
      case "any":
        return { found };
      case "yes":
      case "no":
        if (readYesNo(words) === found.is) return { found };
        break;
      case "words":
        if (found.words.some((phrase) => holds(words, folded, phrase))) return { found };
        break;
      case "pattern":
        if (fitsPattern(folded, foldName(found.pattern))) return { found };
        break;
      case "number": {
        const number = readNumber(folded);
        if (number !== undefined && number >= (found.from ?? -Infinity) && number <= (found.to ?? Infinity)) return { found, number };
      }
    }
  }
  return undefined;
}

/** As whole words; what has no letters or digits, such as "?", as it stands. */
function holds(words: string, folded: string, phrase: string): boolean {
  const wanted = foldName(phrase);
  const plain = wanted
    .replace(/[^\p{L}\p{N}\p{S}\p{Extended_Pictographic}\s]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  return plain === "" ? folded.includes(wanted) : ` ${words} `.includes(` ${plain} `);
}

/**
 * The number in a text that holds exactly one: "4", "I'd say 4.5", "4/5", "4 out of 5". Of two numbers nobody knows which was
 * meant. Both a point and a comma may stand before decimals.
 */
export function readNumber(folded: string): number | undefined {
  const plain = folded.replace(/(\d)\s*(?:\/|out of|of|von|sur|de)\s*\d+(?![\d.,])/u, "$1");
  const found = plain.match(/(?<![\p{L}\d.,])[-+]?\d+(?:[.,]\d+)*(?![\d\p{L}])/gu) ?? [];
  const [only] = found;
  if (only === undefined || found.length > 1 || only.length > 20) return undefined;
  // In 1,200 the comma parts thousands; in 4,5 it stands before decimals.
  const marks = only.match(/[.,]/g) ?? [];
  const isGrouped = /^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(only) || /^[-+]?\d{1,3}(\.\d{3}){2,}(,\d+)?$/.test(only);
  if (marks.length > 1 && !isGrouped) return undefined;
  const decimal = isGrouped
    ? /^[-+]?\d{1,3}(,\d{3})+/.test(only)
      ? only.replaceAll(",", "")
      : only.replaceAll(".", "").replace(",", ".")
    : only.replace(",", ".");
  const number = Number(decimal);
  return Number.isFinite(number) ? number : undefined;
}
