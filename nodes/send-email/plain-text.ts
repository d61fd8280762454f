import { convert } from "html-to-text";
import QuickLRU from "quick-lru";
import { hideFields } from "#contract/hidden-fields.ts";

const made = new QuickLRU<string, string>({ maxSize: 50 });

/** The plain text of an e-mail that has none of its own, for programs and people that read no HTML. Fields stay. */
export function plainText(html: string): string {
  const known = made.get(html);
  if (known !== undefined) return known;
  const { hidden, show } = hideFields(html);
  const words = convert(hidden, {
    wordwrap: false,
    limits: { maxInputLength: 512 * 1024, maxDepth: 100 },
    selectors: [
      { selector: "a", options: { hideLinkHrefIfSameAsText: true, noAnchorUrl: true, linkBrackets: ["(", ")"] } },
      { selector: "img", format: "skip" },
      ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({ selector, options: { uppercase: false } })),
      { selector: "table", options: { uppercaseHeaderCells: false } },
      { selector: "ul", options: { itemPrefix: "- " } },
    ],
  });
  // A "<" of the text is no tag here, and what stands between such signs is no place for other marks.
  const text = show(words.replaceAll("<", "\u0001")).replaceAll("\u0001", "<").trim();
  made.set(html, text);
  return text;
}
