import { Node } from "@tiptap/core";
import { templatePieces } from "#contract/template.ts";
import { defaultOf } from "../merge-fields/field-filters.ts";
import { fieldTag } from "./fields-in-dom.ts";

/** A merge field in a text that is edited: one piece, which is the braces as they are written. */
export const MergeFieldNode = Node.create({
  name: "mergeField",
  group: "inline",
  inline: true,
  atom: true,
  selectable: true,
  addAttributes: () => ({ raw: { default: "" } }),
  parseHTML: () => [{ tag: `span[${fieldTag}]`, getAttrs: (element) => ({ raw: element.getAttribute(fieldTag) }) }],
  renderHTML: ({ node }) => ["span", { [fieldTag]: node.attrs.raw }],
  renderText: ({ node }) => node.attrs.raw,
  addNodeView:
    () =>
    ({ node }) => {
      const dom = document.createElement("span");
      dom.className = "merge-field";
      dom.title = node.attrs.raw;
      dom.textContent = wordsOf(node.attrs.raw);
      return { dom };
    },
});

/** What is read on it: its name, and what stands in for it. */
function wordsOf(raw: string): string {
  const field = templatePieces(raw)[0]?.field;
  if (!field) return raw;
  const instead = defaultOf(field);
  return instead === undefined || instead === "" ? field.source : `${field.source}, else “${instead}”`;
}
