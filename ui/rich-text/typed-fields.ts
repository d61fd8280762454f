import { Extension } from "@tiptap/core";
import { Plugin } from "@tiptap/pm/state";
import { templatePieces } from "#contract/template.ts";

/** Braces that are typed or pasted to their end become the field that they name. */
export const TypedFields = Extension.create({
  name: "typedFields",
  addProseMirrorPlugins: () => [
    new Plugin({
      appendTransaction: (transactions, _, { doc, schema, tr }) => {
        if (!transactions.some(({ docChanged }) => docChanged)) return null;
        const field = schema.nodes.mergeField;
        const found: { from: number; raw: string }[] = [];
        doc.descendants((node, at) => {
          if (!node.isText || !node.text?.includes("}}")) return;
          let from = at;
          for (const piece of templatePieces(node.text)) {
            if (piece.field) found.push({ from, raw: piece.raw });
            from += piece.raw.length;
          }
        });
        if (found.length === 0 || !field) return null;
        // From the last to the first, so that the places of the others stay what they are.
        for (const { from, raw } of found.reverse()) {
          const marks = doc.resolve(from + 1).marks();
          tr.replaceWith(from, from + raw.length, field.create({ raw }, null, marks));
        }
        return tr;
      },
    }),
  ],
});
