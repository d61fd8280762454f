import { fieldInTag, unusedWord } from "#contract/hidden-fields.ts";
import { templatePieces } from "#contract/template.ts";
import { parseHtml } from "./parse-html.ts";

/** The element that stands for a merge field while its text is a tree; it holds the braces as they are written. */
export const fieldTag = "data-merge-field";

/**
 * The tree of an HTML with merge fields. Those of its text are elements of their own, so that an editor holds them as one
 * piece; those inside of attributes stay there as braces. A parser that saw the braces would take a `<` of theirs for a tag.
 */
export function treeOf(html: string): Document {
  const word = unusedWord(html);
  const fields: { raw: string; inTag: string }[] = [];
  const hidden = templatePieces(html).map(({ raw, field }) =>
    field ? `${word}${fields.push({ raw, inTag: fieldInTag(raw, field) }) - 1}x` : raw,
  );
  const tree = parseHtml(hidden.join(""));
  const place = new RegExp(`${word}(\\d{1,6})x`, "g");
  const isIn = (text: string | null) => text?.includes(word) === true;
  const nodes = tree.createNodeIterator(tree, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_COMMENT);
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    if (node instanceof Element) {
      // What could run is not kept by the editor, so its braces may stay hidden.
      if (/^(script|iframe|embed|object)$/.test(node.localName)) continue;
      for (const { name, value } of [...node.attributes])
        if (isIn(value) && !/^(on|srcdoc)/.test(name))
          node.setAttribute(
            name,
            value.replace(place, (_, at) => fields[at]?.inTag ?? ""),
          );
    } else if (isIn(node.nodeValue)) {
      const { nodeValue } = node as CharacterData;
      if (node.nodeType === Node.TEXT_NODE) putFields(node as Text, place, (at) => fields[at]?.raw ?? "");
      else (node as Comment).data = String(nodeValue).replace(place, (_, at) => fields[at]?.raw ?? "");
    }
  }
  return tree;
}

function putFields(text: Text, place: RegExp, rawAt: (at: number) => string): void {
  const { ownerDocument } = text;
  // What the pattern has found stands at every second place.
  const parts = text.data.split(place).map((part, at) => {
    if (at % 2 === 0) return ownerDocument.createTextNode(part);
    const element = ownerDocument.createElement("span");
    element.setAttribute(fieldTag, rawAt(Number(part)));
    return element;
  });
  text.replaceWith(...parts.filter((part) => part instanceof Element || part.data !== ""));
}

/** The HTML of a tree as `treeOf` makes it: the opposite. It changes the tree. */
export function htmlOf(root: HTMLElement): string {
  const word = unusedWord(root.innerHTML);
  const fields: string[] = [];
  const hide = (written: string) => `${word}${fields.push(written) - 1}x`;
  for (const element of root.querySelectorAll("*")) {
    const raw = element.getAttribute(fieldTag);
    if (raw !== null) {
      element.replaceWith(root.ownerDocument.createTextNode(hide(raw)));
      continue;
    }
    for (const { name, value } of [...element.attributes]) {
      if (!value.includes("{{")) continue;
      const pieces = templatePieces(value).map((piece) => (piece.field ? hide(fieldInTag(piece.raw, piece.field)) : piece.raw));
      element.setAttribute(name, pieces.join(""));
    }
  }
  return root.innerHTML.replace(new RegExp(`${word}(\\d{1,6})x`, "g"), (_, at) => fields[at] ?? "");
}
