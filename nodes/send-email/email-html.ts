import QuickLRU from "quick-lru";
import sanitizeHtml from "sanitize-html";
import { hideFields } from "#contract/hidden-fields.ts";

/** What of an e-mail's HTML is kept. Everything else is taken away before it is sent, and the author is told. */
const everywhere = ["align", "bgcolor", "class", "dir", "height", "id", "lang", "role", "style", "title", "valign", "width"];
const own: Record<string, string[]> = {
  a: ["href", "name", "target", "rel"],
  img: ["src", "alt", "border"],
  table: ["border", "cellpadding", "cellspacing"],
  td: ["colspan", "rowspan"],
  th: ["colspan", "rowspan", "scope"],
  font: ["color", "face", "size"],
  ol: ["start", "type"],
  li: ["value"],
};
const tags = new Set([
  ...["a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "col", "colgroup", "dd", "del", "div", "dl", "dt", "em"],
  ...["figcaption", "figure", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "ol", "p", "pre", "s", "small"],
  ...["span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"],
]);
/** The frame of a whole page says nothing that a mail program keeps, so nobody is told that it is not sent. */
const frame = new Set(["html", "head", "body", "meta", "title", "!doctype"]);

/** A value that neither fetches nor runs anything, and cannot leave its place. */
const harmless = /^(?!.*(?:url\s*\(|expression|javascript:|@import|\\)).{1,300}$/is;
const styles = Object.fromEntries(
  [
    ...["color", "background", "background-color", "opacity", "display", "float", "clear", "width", "height", "vertical-align", "overflow"],
    ...["max-width", "min-width", "max-height", "min-height", "line-height", "letter-spacing", "word-spacing", "word-break", "white-space"],
    ...["overflow-wrap", "word-wrap", "font", "font-family", "font-size", "font-style", "font-weight", "font-variant", "direction"],
    ...["text-align", "text-decoration", "text-indent", "text-transform", "list-style", "list-style-type", "box-sizing", "table-layout"],
    ...["border", "border-top", "border-right", "border-bottom", "border-left", "border-color", "border-style", "border-width"],
    ...["border-collapse", "border-spacing", "border-radius", "margin", "margin-top", "margin-right", "margin-bottom", "margin-left"],
    ...[
      "padding",
      "padding-top",
      "padding-right",
      "padding-bottom",
      "padding-left",
      "mso-line-height-rule",
      "mso-table-lspace",
      "mso-table-rspace",
    ],
  ].map((name) => [name, [harmless]]),
);

const schemes = ["http", "https", "mailto", "tel", "sms"];
const pictureSchemes = ["http", "https", "cid"];

/** Tells what of a tag and its attributes is not kept, by the same lists by which it is not. */
function* notKept(tag: string, attributes: Record<string, string>): Generator<string> {
  if (frame.has(tag)) return;
  if (!tags.has(tag)) return yield tag;
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "style") {
      for (const part of value.split(";")) {
        const [property = "", ...rest] = part.split(":");
        const plain = property.trim().toLowerCase();
        if (plain !== "" && !(Object.hasOwn(styles, plain) && harmless.test(rest.join(":").trim()))) yield `style ${plain}`;
      }
    } else if (!everywhere.includes(name) && !own[tag]?.includes(name)) yield name;
    else if (name === "href" || name === "src") {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they hide the kind of a link
      const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(value.replace(/[\u0000-\u0020]+/g, ""))?.[1]?.toLowerCase();
      if (scheme === undefined ? /^\s*\/\//.test(value) : !(tag === "img" ? pictureSchemes : schemes).includes(scheme))
        yield `${name} ${scheme ?? "//"}`;
    }
  }
}

/** Of a hostile text not everything is told. */
const mostTold = 20;
const longestName = 60;

export interface CleanHtml {
  html: string;
  /** What was taken away, by its name in HTML, and how often: `script`, `onclick`, `style position`, `href javascript`. */
  removed: readonly { what: string; count: number }[];
}

/** No mail is nested so deep. The time to read it grows with the square of its depth. */
const deepest = 1_000;
const tagStart = /<(\/?)([a-z][a-z0-9]*)/gi;
/** Tags that hold nothing, or end where the next one of their kind begins. */
const flat = new Set(["area", "br", "col", "dd", "dt", "hr", "img", "input", "li", "link", "meta", "option", "p", "td", "th", "tr", "wbr"]);

/** Where an HTML text becomes too deep; undefined where it never does. It looks at each character once. */
function tooDeepAt(html: string): number | undefined {
  let depth = 0;
  for (const { 1: slash, 2: name = "", index } of html.matchAll(tagStart)) {
    if (flat.has(name.toLowerCase())) continue;
    depth = slash ? Math.max(0, depth - 1) : depth + 1;
    if (depth > deepest) return index;
  }
  return undefined;
}

function clean(whole: string): CleanHtml {
  const end = tooDeepAt(whole);
  const html = end === undefined ? whole : whole.slice(0, end);
  const fields = hideFields(html);
  const removed = new Map<string, number>(end === undefined ? [] : [["everything after a thousand tags within each other", 1]]);
  const kept = sanitizeHtml(fields.hidden, {
    allowedTags: [...tags],
    allowedAttributes: { ...own, "*": everywhere },
    allowedStyles: { "*": styles },
    allowedSchemes: schemes,
    allowedSchemesByTag: { img: pictureSchemes },
    allowProtocolRelative: false,
    nonTextTags: ["script", "style", "textarea", "option", "noscript", "title"],
    nestingLimit: 100,
    transformTags: {
      "*": (tagName, attribs) => {
        for (const what of notKept(tagName, attribs)) {
          const name = what.slice(0, longestName);
          if (removed.size < mostTold || removed.has(name)) removed.set(name, (removed.get(name) ?? 0) + 1);
        }
        return { tagName, attribs };
      },
    },
  });
  return { html: fields.show(kept), removed: [...removed].map(([what, count]) => ({ what, count })) };
}

/** Cleaned texts by what they were made of, because every contact of a send has the same. */
const cleaned = new QuickLRU<string, CleanHtml>({ maxSize: 50 });

/** The HTML of an e-mail without what may not be sent: scripts, forms, frames, what moves over other text. Fields stay. */
export function cleanEmailHtml(html: string): CleanHtml {
  const known = cleaned.get(html);
  if (known) return known;
  const made = clean(html);
  cleaned.set(html, made);
  return made;
}
