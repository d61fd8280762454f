import { type RawBuilder, type SqlBool, sql } from "kysely";
import { phoneDigits } from "#contract/comparable-text.ts";
import { literal, searchGroups, unspacedLetters, unspacedRanges } from "./contact-search.ts";

type Condition = RawBuilder<SqlBool>;
/** A `tsquery`. */
type Query = RawBuilder<unknown>;

/** The characters between words, as `private.message_words` knows them. Letters of unspaced scripts are words by themselves. */
const separators = String.raw`\u0001-/:-@\[-\u0060{-\u00A9\u00AB-\u00B1\u00B4\u00B6-\u00B8\u00BB-\u00BF\u00D7\u00F7\u0149\u02B0-\u02FF\u2000-\u206F\u20A0-\u20CF\u2100-\u214F\u2190-\u2BFF\u3000-\u33FF\uFE00-\uFE0F\uFE30-\uFE6F\uFF00-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65\u{1F000}-\u{1FAFF}`;
const notOfWords = new RegExp(`[${separators}${unspacedRanges}\\u{20000}-\\u{3134F}]+`, "gu");
const outside = new RegExp(`^[${separators}]+|[${separators}]+$`, "gu");

/** The index keeps the beginnings of words. A term is cut to half as many letters, because "ß" becomes two. */
const longestWord = 30;
/** So many digits in a row are looked for at the end of phone numbers. */
const fewestDigitsOfEnd = 4;

/** The week of a message, as `private.week_key` tells it. The index `messages_words` has every word under its week. */
export type Week = RawBuilder<string>;
export const weekOfMessage: Week = sql`private.week_key(m.created_at)`;

/** A condition on the view `private.member_messages` by the name `m`, for one of the words of a search or for all of them. */
export interface WordSearch {
  /** Whether the message has the words and is of this week. The index `messages_words` leads to them. */
  hasWords: (week: Week) => Condition;
  /** A necessary condition that takes much less time for a message that is read anyway. */
  mayHaveWords: Condition;
}

export interface MessageSearch extends WordSearch {
  /** Each of the words by itself. A message must have all of them. */
  each: readonly WordSearch[];
  /** Whether it names an address or a number that only few messages can have, so that the index is the shortest way to them. */
  isOfFew: boolean;
}

/**
 * Every group of terms must occur in the address, the subject or the text of one message. Words are found by their beginning,
 * addresses as a whole, by their domain or by the end of a phone number, and letters of scripts without spaces anywhere.
 *
 * @returns undefined where nothing but punctuation is looked for, which no message is found by
 */
export function messageSearch(search: string): MessageSearch | undefined {
  const groups = searchGroups(search).map((terms) => terms.flatMap((term) => termOf(term) ?? []));
  if (groups.length === 0 || groups.some((terms) => terms.length === 0)) return undefined;
  return { ...wordSearch(groups), each: groups.map((terms) => wordSearch([terms])), isOfFew: groups.some((terms) => terms.every(isOfFew)) };
}

function wordSearch(groups: readonly (readonly Term[])[]): WordSearch {
  const query = (week: Week) =>
    joined(
      groups.map((terms) =>
        joined(
          terms.map((term) => term.query(week)),
          "||",
        ),
      ),
      "&&",
    );
  const exact = groups.flatMap(([first, ...others]) => (first?.exact !== undefined && others.length === 0 ? [occurs(first.exact)] : []));
  return {
    hasWords: (week) => all([sql`private.message_words(m.to_address, m.subject, m.body, m.created_at) @@ ${query(week)}`, ...exact]),
    mayHaveWords: all(groups.map((terms) => any(terms.map(({ parts }) => all(parts.map(occurs)))))),
  };
}

/** An address from its beginning on, or a number of so many digits that few numbers have them. */
const isOfFew = ({ parts: [first = ""] }: Term): boolean => /^[^@]+@/.test(first) || /^[0-9]{7,}$/.test(first);

interface Term {
  query: (week: Week) => Query;
  /** What must occur in the text where the term does. */
  parts: string[];
  /** The term as it must stand in the text, where its words may also stand elsewhere. */
  exact: string | undefined;
}

function termOf(text: string): Term | undefined {
  const term = text.replace(outside, "");
  const at = text.indexOf("@");
  if (at >= 0 && term !== "") {
    const address = `${at === 0 ? "@" : ""}${term}`;
    return { query: beginning(address), parts: [address], exact: address.length > longestWord ? address : undefined };
  }
  if (/^[0-9]+$/.test(term)) return numberOf(term);
  const words = term.split(notOfWords).filter((word) => word !== "");
  const letters = unspacedLetters(term);
  const pieces = [...words.map(beginning), ...letters.map(whole)];
  if (pieces.length === 0) return undefined;
  const isOneWord = words.length + letters.length === 1 && term.length <= longestWord;
  const query = (week: Week) =>
    joined(
      pieces.map((piece) => piece(week)),
      "&&",
    );
  return { query, parts: [...words, ...letters], exact: isOneWord ? undefined : term };
}

/** A number is a word of a text, the beginning of a phone number, or the end of one that is written without its prefix. */
function numberOf(term: string): Term {
  const [digits = term] = phoneDigits(term);
  const ends = digits.length >= fewestDigitsOfEnd ? [beginning(`-${[...digits].reverse().join("")}`)] : [];
  const query = (week: Week) =>
    joined(
      [beginning(digits), ...ends].map((piece) => piece(week)),
      "||",
    );
  return { query, parts: [digits], exact: undefined };
}

const whole =
  (letter: string) =>
  (week: Week): Query =>
    sql`private.word_query(${week}, ${letter}::text, true)`;
const beginning =
  (word: string) =>
  (week: Week): Query =>
    sql`private.word_query(${week}, ${word.slice(0, longestWord)}::text, false)`;
const joined = (queries: Query[], operator: "&&" | "||"): Query => sql`(${sql.join(queries, sql.raw(` ${operator} `))})`;

const plain = (text: string): RawBuilder<string> => sql`private.unaccented(lower(${text}::text))`;
const wholeText = sql`private.unaccented(lower(concat_ws(' ', m.subject, m.body, m.to_address)))`;
const occurs = (text: string): Condition => sql`${wholeText} like ${plain(`%${literal(text)}%`)}`;
const any = (conditions: Condition[]): Condition => sql`(${sql.join(conditions, sql` or `)})`;
const all = (conditions: Condition[]): Condition => sql`(${sql.join(conditions, sql` and `)})`;
