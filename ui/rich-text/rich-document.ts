import { type DOMOutputSpec, DOMParser, DOMSerializer, type Node as RichNode } from "@tiptap/pm/model";
import { richSchema } from "./extensions.ts";
import { fieldTag, htmlOf, treeOf } from "./fields-in-dom.ts";
import { parseHtml } from "./parse-html.ts";
import { textStyles } from "./text-styles.ts";

/** The document of the rich editor for an HTML. It may have lost something: `lostInRich`. */
export function toRich(html: string): RichNode {
  const { body } = treeOf(html);
  // The library takes what stands in two cells for one line.
  for (const cell of body.querySelectorAll("td, th, caption")) {
    const block = body.ownerDocument.createElement("div");
    block.append(...cell.childNodes);
    cell.replaceWith(block);
  }
  return DOMParser.fromSchema(richSchema).parse(body);
}

/** The library would have the browser read each style, which drops what only mail programs know and spells the rest anew. */
const asWritten = "data-style-as-written";
const unread =
  <Given extends unknown[]>(draw: (...given: Given) => DOMOutputSpec) =>
  (...given: Given): DOMOutputSpec => {
    const [tag, attributes, ...rest] = draw(...given) as [string, Record<string, unknown>, ...unknown[]];
    const { style, ...others } = attributes;
    return style ? [tag, { ...others, [asWritten]: style }, ...rest] : [tag, attributes, ...rest];
  };
const { text, ...nodes } = DOMSerializer.nodesFromSchema(richSchema);
const marks = DOMSerializer.marksFromSchema(richSchema);
const changed = <Draw>(all: Record<string, Draw>, change: (draw: Draw) => Draw): Record<string, Draw> =>
  Object.fromEntries(Object.entries(all).map(([name, draw]) => [name, change(draw)]));
const serializer = new DOMSerializer({ ...changed(nodes, unread), ...(text && { text }) }, changed(marks, unread));

/** The HTML of a document, which is what is kept and sent. */
export const fromRich = (doc: RichNode): string => (isEmpty(doc) ? "" : written(doc));

function written(doc: RichNode): string {
  const { body } = parseHtml("");
  body.append(serializer.serializeFragment(doc.content, { document: body.ownerDocument }));
  for (const element of body.querySelectorAll(`[${asWritten}]`)) {
    element.setAttribute("style", element.getAttribute(asWritten) ?? "");
    element.removeAttribute(asWritten);
  }
  for (const item of body.querySelectorAll("li")) {
    // What stands alone in an item needs no paragraph, unless it came with one.
    const [first] = item.children;
    if (first?.localName === "p" && first === item.firstChild && first.getAttribute("style") === textStyles.paragraph)
      first.replaceWith(...first.childNodes);
  }
  // Each block on a line of its own, for whoever reads the source.
  for (const block of [...body.children].slice(1)) block.before("\n");
  return htmlOf(body);
}

const isEmpty = (doc: RichNode) => doc.childCount === 1 && doc.firstChild?.type.name === "paragraph" && doc.firstChild.childCount === 0;

/** Tags of a whole page, which no mail program keeps. */
const frame = new Set(["html", "head", "body", "meta", "title"]);
/** Two names of one thing. */
const sameAs: Readonly<Record<string, string>> = { b: "strong", i: "em" };

const runs = new Set(["strong", "em", "a"]);
const tableParts = new Set(["tbody", "thead", "tfoot", "tr", "td", "th", "colgroup", "col", "caption"]);

/** What a tree is made of, each with how often: tags, and attributes with their values at tags. */
function tally(root: Element): { tags: Map<string, number>; attributes: Map<string, number> } {
  const [tags, attributes] = [new Map<string, number>(), new Map<string, number>()];
  const add = (to: Map<string, number>, key: string, often: number) => to.set(key, (to.get(key) ?? 0) + often);
  for (const element of root.querySelectorAll("*")) {
    const tag = sameAs[element.localName] ?? element.localName;
    if (frame.has(tag) || element.hasAttribute(fieldTag)) continue;
    // Two of these beside each other may become one. It is what they hold that counts.
    const often = runs.has(tag) ? wordsOf(element).length + element.querySelectorAll("img").length : 1;
    add(tags, tag, often);
    for (const { name, value } of element.attributes) add(attributes, `${name}\n${tag}\n${value.trim()}`, often);
  }
  return { tags, attributes };
}

/** What the rich editor would lose of an HTML, by its names in HTML: `table`, `style`. Nothing where it holds all of it. */
export function lostInRich(html: string): string[] {
  const before = treeOf(html);
  const after = treeOf(written(toRich(html)));
  const [had, has] = [tally(before.documentElement), tally(after.documentElement)];
  const fewer = (key: string, from: Map<string, number>, to: Map<string, number>) => (to.get(key) ?? 0) < (from.get(key) ?? 0);
  const tags = new Set([...had.tags.keys()].filter((tag) => fewer(tag, had.tags, has.tags)));
  // The parts of what is named say nothing new, nor do attributes of tags that are named; how something looks does.
  const lost = new Set([...tags].filter((tag) => !(tags.has("table") && tableParts.has(tag))));
  for (const key of had.attributes.keys()) {
    const [name = "", tag = ""] = key.split("\n");
    if (fewer(key, had.attributes, has.attributes) && (name === "style" || !tags.has(tag))) lost.add(name);
  }
  if (lost.size === 0 && wordsOf(before.body) !== wordsOf(after.body)) lost.add("text");
  return [...lost];
}

/** The words and fields of a tree in their order, however they are laid out. */
function wordsOf(element: Element): string {
  const copy = element.cloneNode(true) as Element;
  for (const element of copy.querySelectorAll("script, style")) element.remove();
  for (const field of copy.querySelectorAll(`[${fieldTag}]`)) field.append(field.getAttribute(fieldTag) ?? "");
  return (copy.textContent ?? "").replace(/[ \t\r\n\f]+/g, "");
}
