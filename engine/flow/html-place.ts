import { escapeInWord, WordReader } from "./word-place.ts";

/**
 * Follows the markup of an e-mail as it is put together, so that a value can be escaped for where it stands. States, as in the
 * tokenizer of the HTML standard: text · tag (its name) · gap (between attributes) · name (of an attribute) · equals (behind
 * "=") · value (of an attribute, in quotation marks or without) · comment · raw (script and style). Values are escaped before
 * they are followed, so only the author's own markup changes the state.
 */
type State = "text" | "open" | "tag" | "gap" | "name" | "equals" | "value" | "comment" | "raw";

const linkAttributes: ReadonlySet<string> = new Set([
  "href",
  "src",
  "action",
  "formaction",
  "xlink:href",
  "background",
  "poster",
  "cite",
  "data",
  "ping",
  "longdesc",
]);
/** Schemes that a value may bring into a link. What the author writes is left alone. */
const opaqueAttributes: ReadonlySet<string> = new Set(["srcdoc", "content"]);
const schemesOfValues: ReadonlySet<string> = new Set(["http", "https", "mailto", "tel", "sms", "cid"]);
const longestScheme = 100;

export class HtmlReader {
  #state: State = "text";
  #tag = "";
  #attribute = "";
  /** The quotation mark around the value of the attribute; "" where there is none. */
  #quote = "";
  /** The end of a comment or a raw text is looked for in its last characters. */
  #tail = "";
  /** The beginning of a link without blanks and control characters, until it is known whether it has a scheme. */
  #lead = "";
  #isLeadKnown = false;
  #isLeadOfValue = false;
  readonly #word = new WordReader();

  /** Follows markup of the author. Returns false where it is a link to a script that is partly made of a value. */
  read(text: string): boolean {
    let isSafe = true;
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      const character = text[at] as string;
      const before = this.#state;
      this.#step(character);
      if (before === this.#state && (before === "text" || before === "value")) continue;
      // What was text or value ends here; the reader of words hears of it as one piece.
      if (before === "text" || before === "value") isSafe = this.#follow(text.slice(from, at), false, before === "value") && isSafe;
      if (this.#state !== before) {
        this.#word.restart();
        if (this.#state === "value") this.#beginLink();
      }
      // Without a quotation mark the first character belongs to the value, and what follows a lone "<" to the text.
      from = (this.#state === "value" && this.#quote === "") || before === "open" ? at : at + 1;
    }
    if (this.#state === "text" || this.#state === "value")
      isSafe = this.#follow(text.slice(from), false, this.#state === "value") && isSafe;
    return isSafe;
  }

  /** The value as it may stand here; undefined where it would become markup, or a link to a script. `isEncoded`: by a filter. */
  put(value: string, isEncoded: boolean): string | undefined {
    if (this.#state === "equals" && value !== "") {
      this.#state = "value";
      this.#quote = "";
      this.#word.restart();
      this.#beginLink();
    }
    switch (this.#state) {
      case "open":
      case "tag":
      case "gap":
      case "name":
        return /^\d*$/.test(value) ? value : undefined;
      case "value":
        return this.#putIntoAttribute(value, isEncoded);
      default: {
        const plain = isEncoded ? value : escapeInWord(value, this.#word.place);
        this.#word.read(plain);
        return escapeHtml(plain);
      }
    }
  }

  #putIntoAttribute(value: string, isEncoded: boolean): string | undefined {
    // A program stands there, or a document or an address inside of a text, where the rules of this place do not reach.
    if (/^on/i.test(this.#attribute) || opaqueAttributes.has(this.#attribute))
      return /^[\p{L}\p{N} _.@-]*$/u.test(value) ? this.#quoted(value) : undefined;
    const isInside = linkAttributes.has(this.#attribute) && this.#lead !== "";
    const place = isInside && this.#word.place === "text" ? "address" : this.#word.place;
    const plain = isEncoded ? value : escapeInWord(value, place);
    return this.#follow(plain, true, true) ? this.#quoted(plain) : undefined;
  }

  #quoted = (value: string) => (this.#quote === "" ? escapeUnquoted(value) : escapeHtml(value));

  #beginLink(): void {
    this.#lead = "";
    this.#isLeadKnown = false;
    this.#isLeadOfValue = false;
  }

  #follow(text: string, isValue: boolean, isAttribute: boolean): boolean {
    this.#word.read(text);
    return !isAttribute || !linkAttributes.has(this.#attribute) || this.#followLink(text, isValue);
  }

  /** Browsers read over blanks and control characters in a scheme. */
  #followLink(text: string, isValue: boolean): boolean {
    if (this.#isLeadKnown) return true;
    // The whole text, because any number of them may stand before or inside of a scheme.
    const more = text.replace(/[\s\p{Cc}\p{Cf}]+/gu, "");
    if (isValue && more !== "") this.#isLeadOfValue = true;
    this.#lead = (this.#lead + more).slice(0, longestScheme);
    const end = this.#lead.search(/[:/?#]/);
    this.#isLeadKnown = end >= 0 || this.#lead.length === longestScheme;
    if (this.#lead[end] !== ":") return true;
    const scheme = this.#lead.slice(0, end).toLowerCase();
    return !this.#isLeadOfValue || schemesOfValues.has(scheme);
  }

  #step(character: string): void {
    const isBlank = /\s/.test(character);
    switch (this.#state) {
      case "text":
        if (character === "<") this.#state = "open";
        return;
      case "open":
        this.#tag = "";
        this.#tail = "";
        this.#attribute = "";
        if (/[a-z/]/i.test(character)) {
          this.#tag = character.toLowerCase();
          this.#state = "tag";
        } else if (character === "!" || character === "?") this.#state = "comment";
        else if (character !== "<") this.#state = "text";
        return;
      case "tag":
        if (character === ">") this.#endTag();
        else if (isBlank || (character === "/" && this.#tag !== "")) this.#state = "gap";
        else if (this.#tag.length < 20) this.#tag += character.toLowerCase();
        return;
      case "gap":
        if (character === ">") this.#endTag();
        else if (character === "=" && this.#attribute !== "") this.#state = "equals";
        else if (!isBlank && character !== "/") {
          this.#attribute = character.toLowerCase();
          this.#state = "name";
        }
        return;
      case "name":
        if (character === ">") this.#endTag();
        else if (character === "=") this.#state = "equals";
        else if (isBlank || character === "/") this.#state = "gap";
        else if (this.#attribute.length < 40) this.#attribute += character.toLowerCase();
        return;
      case "equals":
        if (isBlank) return;
        if (character === ">") {
          this.#endTag();
          return;
        }
        this.#quote = character === '"' || character === "'" ? character : "";
        this.#state = "value";
        return;
      case "value":
        // The attribute stays known: the value that has just ended is looked at after this.
        if (this.#quote === "" ? isBlank : character === this.#quote) this.#state = "gap";
        else if (this.#quote === "" && character === ">") this.#endTag();
        return;
      case "comment": {
        // "<!doctype html>" and the like end at the first bracket, a comment at "-->".
        this.#tail += character;
        const isComment = this.#tail.startsWith("--");
        if (isComment ? this.#tail.length > 4 && this.#tail.endsWith("-->") : character === ">") this.#state = "text";
        if (this.#tail.length > 5) this.#tail = `--${this.#tail.slice(-3)}`;
        return;
      }
      case "raw":
        this.#tail = (this.#tail + character.toLowerCase()).slice(-9);
        if (this.#tail.endsWith(`</${this.#tag}`)) {
          this.#tag = `/${this.#tag}`;
          this.#state = "tag";
        }
        return;
    }
  }

  #endTag(): void {
    this.#tail = "";
    this.#state = this.#tag === "script" || this.#tag === "style" ? "raw" : "text";
  }
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character] as string);
/** Without quotation marks around it, a blank would end the value and the rest would be attributes. */
const escapeUnquoted = (text: string) => text.replace(/[\s&<>"'=`]/g, (character) => `&#${character.charCodeAt(0)};`);
