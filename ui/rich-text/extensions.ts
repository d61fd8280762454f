import { Extension, type Extensions, getSchema } from "@tiptap/core";
import { Bold } from "@tiptap/extension-bold";
import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Heading } from "@tiptap/extension-heading";
import { HorizontalRule } from "@tiptap/extension-horizontal-rule";
import { Italic } from "@tiptap/extension-italic";
import { Link } from "@tiptap/extension-link";
import { BulletList, ListItem, ListKeymap, OrderedList } from "@tiptap/extension-list";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Text } from "@tiptap/extension-text";
import { UndoRedo } from "@tiptap/extensions/undo-redo";
import { MergeFieldNode } from "./merge-field-node.ts";
import { Picture } from "./picture-node.ts";
import { textStyles } from "./text-styles.ts";
import { TypedFields } from "./typed-fields.ts";

/** What any tag may carry and keeps as it is. */
const kept = ["class", "dir", "lang", "align", "id"];
const blocks = ["paragraph", "heading", "bulletList", "orderedList", "listItem", "horizontalRule"];

/** An attribute that stays as it came. What is new gets `fresh`; "" says that it came without. */
const attribute = (name: string, fresh: string | null) => ({
  default: fresh,
  parseHTML: (element: HTMLElement) => element.getAttribute(name) ?? (fresh === null ? null : ""),
  renderHTML: (attributes: Record<string, unknown>) => (attributes[name] ? { [name]: attributes[name] } : {}),
});

const KeptAttributes = Extension.create({
  name: "keptAttributes",
  addGlobalAttributes: () => [
    { types: [...blocks, "image", "link"], attributes: Object.fromEntries(kept.map((name) => [name, attribute(name, null)])) },
    ...[...blocks, "image"].map((type) => ({ types: [type], attributes: { style: attribute("style", textStyles[type] ?? null) } })),
    { types: ["link"], attributes: { style: attribute("style", null) } },
  ],
});

/** What the rich editor holds. Everything else is lost in it, and `lostInRich` tells what. */
export const richExtensions: Extensions = [
  Document,
  Paragraph,
  Text,
  Heading.configure({ levels: [1, 2, 3, 4, 5, 6] }),
  BulletList,
  OrderedList,
  ListItem,
  ListKeymap,
  // A style that is bold is kept as a style.
  Bold.extend({ parseHTML: () => [{ tag: "strong" }, { tag: "b" }] }),
  Italic.extend({ parseHTML: () => [{ tag: "em" }, { tag: "i" }] }),
  HardBreak,
  HorizontalRule,
  // Links of mails are neither opened while one writes nor kept from being followed by others.
  Link.configure({ openOnClick: false, autolink: false, HTMLAttributes: { target: null, rel: null, class: null } }),
  Picture,
  MergeFieldNode,
  TypedFields,
  KeptAttributes,
  UndoRedo,
];

export const richSchema = getSchema(richExtensions);
