import { Box } from "@chakra-ui/react";
import { type Editor, EditorContent, useEditor } from "@tiptap/react";
import { useEffect, useRef, useState } from "react";
import { FieldFrame, type FieldProps } from "../fields/field.tsx";
import type { MergeFields } from "../merge-fields/merge-fields.ts";
import { type FieldPlace, PickerAtCaret, within } from "../merge-fields/picker-at-caret.tsx";
import { richExtensions } from "./extensions.ts";
import { paper } from "./paper.ts";
import { type Pasted, readPasted } from "./pasted.ts";
import { fromRich, toRich } from "./rich-document.ts";
import { RichToolbar } from "./rich-toolbar.tsx";

interface RichTextProps extends FieldProps {
  /** HTML with merge fields. */
  value: string;
  onChange: (html: string) => void;
  fields: MergeFields;
  /** Something was pasted: what was taken out of it. */
  onPasted: (removed: readonly string[]) => void;
  /** A table was pasted, which only the source can hold: the HTML as it is with it. */
  onTable: (html: string) => void;
}

/** A text with headings, lists, links, pictures and merge fields. It is kept as HTML. */
export function RichText({ value, onChange, fields, onPasted, onTable, ...frame }: RichTextProps) {
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<FieldPlace | null>(null);
  /** The HTML that the editor shows, so that what it wrote itself is not put into it again. */
  const shown = useRef(value);
  const now = useRef({ onChange, onPasted, onTable });
  now.current = { onChange, onPasted, onTable };
  const isDisabled = frame.disabled === true;
  const editor = useEditor({
    extensions: richExtensions,
    content: toRich(value).toJSON(),
    editable: !isDisabled,
    // The one sheet of styles is ours.
    injectCSS: false,
    editorProps: {
      attributes: { role: "textbox", "aria-multiline": "true", "aria-label": frame.label, spellcheck: "true" },
      handleTextInput: (view, from, _to, text) => {
        const before = view.state.doc.textBetween(Math.max(0, from - 2), from, "\n", " ");
        if (text === "{" && /(^|[^{])\{$/.test(before)) setPlace({ from: from - 1, to: from + 1, isTyped: true, ...caretOf(view, from) });
        return false;
      },
      // The library reads it once more.
      transformPastedHTML: (html) => (html.includes("data-pm-slice") ? html : readPasted(html).html),
      handlePaste: (view, event) => {
        const html = event.clipboardData?.getData("text/html") ?? "";
        if (html === "") return false;
        const pasted = readPasted(html);
        now.current.onPasted(pasted.removed);
        if (!pasted.hasTable) return false;
        now.current.onTable(withPasted(view.state, pasted));
        return true;
      },
    },
    onUpdate: (update) => {
      shown.current = fromRich(update.editor.state.doc);
      now.current.onChange(shown.current);
    },
  });
  useEffect(() => {
    if (value === shown.current) return;
    shown.current = value;
    editor.commands.setContent(toRich(value).toJSON(), { emitUpdate: false });
  }, [editor, value]);
  useEffect(() => editor.setEditable(!isDisabled, false), [editor, isDisabled]);

  const caretOf = (view: Editor["view"], at: number) => within(box.current, view.coordsAtPos(at));
  const write = (text: string, from: number, to: number) => editor.commands.command(({ tr }) => Boolean(tr.insertText(text, from, to)));
  return (
    <FieldFrame {...frame}>
      <Box
        ref={box}
        position="relative"
        w="full"
        borderWidth="1px"
        borderColor={frame.error ? "border.error" : "border.control"}
        borderRadius="l2"
      >
        <RichToolbar
          editor={editor}
          fields={fields}
          label={frame.label}
          disabled={isDisabled}
          onField={() => {
            const { from, to } = editor.state.selection;
            setPlace({ from, to, isTyped: false, ...caretOf(editor.view, to) });
          }}
        />
        <Box css={paper} onClick={() => editor.isFocused || editor.commands.focus()}>
          <EditorContent editor={editor} />
        </Box>
        <PickerAtCaret
          place={place}
          fields={fields}
          onWrite={write}
          onClose={() => setPlace(null)}
          home={() => (editor.isDestroyed ? null : editor.view.dom)}
          // At once. The command of the same name waits for the next frame, and what is typed before it is lost.
          goHome={() => editor.view.focus()}
        />
      </Box>
    </FieldFrame>
  );
}

/** The HTML of a document with what is pasted behind the block where the caret stands. */
function withPasted({ doc, selection }: Editor["state"], { html }: Pasted): string {
  const at = selection.$from.index(0);
  const blocks = doc.children;
  const isEmpty = blocks[at]?.childCount === 0;
  const part = (from: number, to?: number) => fromRich(doc.type.create(null, blocks.slice(from, to)));
  return [part(0, isEmpty ? at : at + 1), html, part(at + 1)].filter((one) => one !== "").join("\n");
}
