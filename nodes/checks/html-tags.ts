/** A tag as it stands in a text: its name in lower case, and its attributes by name. */
export interface HtmlTag {
  name: string;
  attributes: ReadonlyMap<string, string>;
}

const tagName = /[a-zA-Z][a-zA-Z0-9:-]*/y;

/**
 * The opening tags of an HTML text, for telling its author what stands there. It looks at each character once and makes no
 * text safe: the sending does that.
 */
export function htmlTags(html: string): HtmlTag[] {
  const tags: HtmlTag[] = [];
  for (let at = html.indexOf("<"); at !== -1; at = html.indexOf("<", at)) {
    if (html.startsWith("<!--", at)) {
      const end = html.indexOf("-->", at + 4);
      if (end === -1) return tags;
      at = end + 3;
      continue;
    }
    // The end is looked for only where a tag begins: a text of nothing but "<" would be read once for each of them.
    tagName.lastIndex = at + 1;
    const name = tagName.exec(html)?.[0];
    if (name === undefined) at += 1;
    else {
      const end = findEnd(html, at + 1);
      tags.push({ name: name.toLowerCase(), attributes: readAttributes(html.slice(at + 1 + name.length, end)) });
      at = end;
    }
  }
  return tags;
}

/** The end of a tag: the next ">" outside of quotes, or else the end of the text. */
function findEnd(html: string, from: number): number {
  let quote = "";
  for (let i = from; i < html.length; i += 1) {
    const character = html[i] as string;
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === ">") return i;
    else if ((character === '"' || character === "'") && html[i - 1] === "=") quote = character;
  }
  return html.length;
}

function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  const attribute = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;
  for (const [, name = "", double, single, bare] of text.matchAll(attribute)) {
    const key = name.toLowerCase();
    if (!attributes.has(key)) attributes.set(key, double ?? single ?? bare ?? "");
  }
  return attributes;
}
