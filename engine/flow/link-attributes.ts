const tagStart = /<(\/?)([a-z][^\s/>]*)/iy;
const attribute = /[\s/]*([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)))?/y;
/** What stands in them is no markup. */
const rawElements: ReadonlySet<string> = new Set(["script", "style", "title", "textarea", "noscript", "template"]);

/**
 * Replaces where links of an HTML lead, and leaves every other byte as it is. `replace` is given the address as a browser reads it, and
 * answers undefined for one that stays. What a reader could understand in two ways stays too. The time grows with the length.
 */
export function replaceLinks(html: string, replace: (href: string) => string | undefined): string {
  let out = "";
  let done = 0;
  for (let at = html.indexOf("<"); at !== -1; at = html.indexOf("<", at)) {
    if (html.startsWith("<!--", at)) {
      const end = html.indexOf("-->", at + 2);
      if (end === -1) break;
      at = end + 3;
      continue;
    }
    tagStart.lastIndex = at;
    const tag = tagStart.exec(html);
    if (!tag) {
      at += 1;
      continue;
    }
    const name = (tag[2] as string).toLowerCase();
    const isLink = tag[1] === "" && (name === "a" || name === "area");
    at = tagStart.lastIndex;
    for (;;) {
      attribute.lastIndex = at;
      const found = attribute.exec(html);
      if (!found) break;
      at = attribute.lastIndex;
      if (!isLink || found[1]?.toLowerCase() !== "href") continue;
      const written = found[2] ?? found[3] ?? found[4];
      if (written === undefined || written === "") continue;
      const address = decodeAttribute(written);
      const instead = address === undefined ? undefined : replace(address);
      if (instead === undefined) continue;
      const end = at - (found[4] === undefined ? 1 : 0);
      out += html.slice(done, end - written.length) + escapeAttribute(instead);
      done = end;
    }
    if (tag[1] === "" && rawElements.has(name)) {
      const closing = new RegExp(`</${name}`, "gi");
      closing.lastIndex = at;
      const end = closing.exec(html);
      if (!end) break;
      at = end.index;
    }
  }
  return out + html.slice(done);
}

const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The value of an attribute without its entities; undefined where it has one that is not known here. */
function decodeAttribute(written: string): string | undefined {
  let isKnown = true;
  const value = written.replace(
    /&(#x[\da-f]{1,6}|#\d{1,7}|[a-z][a-z\d]*)(;?)/gi,
    (whole, name: string, end: string, offset: number, all: string) => {
      const code = name.startsWith("#") ? Number.parseInt(name.slice(/^#x/i.test(name) ? 2 : 1), /^#x/i.test(name) ? 16 : 10) : undefined;
      if (code !== undefined && code > 0 && code <= 0x10_ff_ff) return String.fromCodePoint(code);
      const character = end === ";" ? named[name.toLowerCase()] : undefined;
      if (character !== undefined) return character;
      // "&name=" is the next field of a query that was written without an entity, as most are.
      if (end === "" && code === undefined && all[offset + whole.length] === "=") return whole;
      isKnown = false;
      return whole;
    },
  );
  return isKnown ? value : undefined;
}

const escapeAttribute = (value: string): string => value.replace(/[&<>"'\s]/g, (character) => `&#${character.charCodeAt(0)};`);
