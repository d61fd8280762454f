import { foldName } from "#contract/fold.ts";
import { ownWords } from "#contract/own-words.ts";
import type { ReplyCase } from "./definition.ts";
import { readNumber } from "./read-number.ts";
import { fitsPattern } from "./reply-pattern.ts";
import { readYesNo } from "./yes-no.ts";

/** More of a text is not looked at: who answers a question does so at the beginning. */
const longestRead = 1_000;

/**
 * The first case that a reply is, and the number in it if the case asked for one. Undefined where it is none of them. `names`: those of the
 * contact and of the workspace.
 */
export function findCase(
  cases: readonly ReplyCase[],
  text: string,
  names: readonly (string | null)[] = [],
): { found: ReplyCase; number?: number } | undefined {
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
        if (readYesNo(folded, names) === found.is) return { found };
        break;
      case "words":
        if (found.words.some((phrase) => holds(words, folded, phrase))) return { found };
        break;
      case "pattern":
        if (fitsPattern(folded, foldName(found.pattern))) return { found };
        break;
      case "number": {
        const number = readNumber(own);
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
