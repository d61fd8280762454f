/**
 * Where in a text a value stands. `text`: among words. `address`: in a link, where it must stay one piece of the path or the
 * query. `host`: directly behind `https://`, where a value may bring a path of its own. `recipient`: behind `mailto:`, `tel:`
 * or `sms:`, where "@" and "+" have their meaning.
 */
export type WordPlace = "text" | "address" | "host" | "recipient";

/** What ends a link in a text, in markup and in JSON. */
const delimiter = /[\s"<>|]/;
const longestHead = 300;

/**
 * Follows a text as it is put together and knows whether its end is inside of a link. It keeps only the beginning of the last
 * word, so the work grows with the text and no faster.
 */
export class WordReader {
  #head = "";
  #kind: "unknown" | "words" | "recipient" | "link" = "unknown";
  #isAtHost = false;

  read(text: string): void {
    if (text === "") return;
    const start = afterLastDelimiter(text);
    if (start > 0) this.restart();
    this.#isAtHost = false;
    if (this.#kind === "link" || this.#kind === "words") return;
    const word = this.#head + text.slice(start, start + longestHead);
    this.#head = word.slice(0, longestHead + 1);
    this.#kind = kindOf(this.#head);
    // Only the first "://" of a link leads to its host, and only where nothing stands behind it yet.
    this.#isAtHost = this.#kind === "link" && word.length <= longestHead && /^[^:]*:\\?\/\\?\/$/.test(word);
  }

  /** A new word begins, as in the value of an attribute. */
  restart(): void {
    this.#head = "";
    this.#kind = "unknown";
    this.#isAtHost = false;
  }

  get place(): WordPlace {
    if (this.#kind === "recipient") return "recipient";
    if (this.#kind !== "link") return "text";
    return this.#isAtHost ? "host" : "address";
  }
}

function afterLastDelimiter(text: string): number {
  for (let at = text.length; at > 0; at -= 1) if (delimiter.test(text[at - 1] as string)) return at;
  return 0;
}

/** A word is a link where it has a scheme, or begins as `www.` or `example.com/` or `example.com?name=`. */
function kindOf(head: string): "unknown" | "words" | "recipient" | "link" {
  // Every link and recipient has one of these, and most words have none.
  if (!/[:/?.]/.test(head)) return head.length > longestHead ? "words" : "unknown";
  if (/:\\?\/\\?\//.test(head)) return "link";
  const recipient = /(?:^|[^a-z])(?:mailto|tel|sms):/i.exec(head);
  if (recipient) return head.includes("?", recipient.index) ? "link" : "recipient";
  const word = head.replace(/^[^\p{L}\p{N}]+/u, "");
  if (/^www\./i.test(word)) return "link";
  const end = word.search(/[/?]/);
  if (end > 0 && /^[\p{L}\p{N}.-]+\.\p{L}{2,}(:\d{1,5})?$/u.test(word.slice(0, end)) && (word[end] === "/" || word.includes("=", end)))
    return "link";
  return head.length > longestHead ? "words" : "unknown";
}

/** The value as it may stand at the place. */
export function escapeInWord(value: string, place: WordPlace): string {
  switch (place) {
    case "text":
      return value;
    case "host":
      return value.toWellFormed().replace(/[\s"<>\\^`{|}\p{Cc}]/gu, encodeURIComponent);
    case "recipient":
      return encodeURIComponent(value.toWellFormed()).replaceAll("%40", "@").replaceAll("%2B", "+");
    case "address":
      return encodeURIComponent(value.toWellFormed());
  }
}
