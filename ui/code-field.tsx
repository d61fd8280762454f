import { Box } from "@chakra-ui/react";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, LRLanguage, syntaxHighlighting } from "@codemirror/language";
import { Annotation, Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { parser } from "@lezer/html";
import { Braces } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { FieldFrame, type FieldProps } from "./fields/field.tsx";
import { IconButton } from "./icon-button.tsx";
import type { MergeFields } from "./merge-fields/merge-fields.ts";
import { type FieldPlace, PickerAtCaret, within } from "./merge-fields/picker-at-caret.tsx";

interface CodeFieldProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  fields: MergeFields;
}

/** A source text in HTML, with its tags in colours, and merge fields as in every text. Tab leaves it, as any field. */
export function CodeField({ value, onChange, fields, ...frame }: CodeFieldProps) {
  const box = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const [place, setPlace] = useState<FieldPlace | null>(null);
  const first = useRef({ value, label: frame.label, isDisabled: frame.disabled === true });
  const tell = useRef(onChange);
  tell.current = onChange;

  useEffect(() => {
    const placeAt = (editor: EditorView, from: number, to: number): FieldPlace => {
      const caret = editor.coordsAtPos(to) ?? { left: 0, bottom: 0 };
      return { from, to, isTyped: from < to, quote: isInTag(editor.state, from) ? "'" : '"', ...within(box.current, caret) };
    };
    const editor = new EditorView({
      parent: host.current as HTMLDivElement,
      doc: first.current.value,
      extensions: [
        history(),
        drawSelection(),
        lineNumbers(),
        EditorView.lineWrapping,
        html,
        syntaxHighlighting(colours),
        theme,
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({ "aria-label": first.current.label }),
        writable.of(onlyRead(first.current.isDisabled)),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged || update.transactions.some((one) => one.annotation(fromOutside))) return;
          tell.current(update.state.doc.toString());
          const { head } = update.state.selection.main;
          const isOpening = update.transactions.some((one) => one.isUserEvent("input.type"));
          if (isOpening && /(^|[^{])\{\{$/.test(update.state.sliceDoc(Math.max(0, head - 3), head)))
            // Where it stands on screen is known after it was drawn.
            requestAnimationFrame(() => setPlace(placeAt(editor, head - 2, head)));
        }),
      ],
    });
    view.current = editor;
    return () => editor.destroy();
  }, []);
  useEffect(() => {
    const editor = view.current;
    const shown = editor?.state.doc.toString();
    if (editor && shown !== value)
      editor.dispatch({ changes: { from: 0, to: shown?.length ?? 0, insert: value }, annotations: fromOutside.of(true) });
  }, [value]);
  useEffect(() => view.current?.dispatch({ effects: writable.reconfigure(onlyRead(frame.disabled === true)) }), [frame.disabled]);

  const write = (text: string, from: number, to: number) =>
    view.current?.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + text.length } });
  return (
    <FieldFrame {...frame}>
      <Box ref={box} position="relative" w="full">
        <IconButton
          icon={Braces}
          label={`Put a field into “${frame.label}”`}
          tooltip="title"
          size="xs"
          position="absolute"
          right="1"
          top="1"
          zIndex="1"
          disabled={frame.disabled}
          onClick={() => {
            const editor = view.current;
            if (!editor) return;
            const { from, to } = editor.state.selection.main;
            const caret = editor.coordsAtPos(to) ?? { left: 0, bottom: 0 };
            setPlace({ from, to, isTyped: false, quote: isInTag(editor.state, from) ? "'" : '"', ...within(box.current, caret) });
          }}
        />
        <Box
          ref={host}
          borderWidth="1px"
          borderColor={frame.error ? "border.error" : "border.control"}
          borderRadius="l2"
          overflow="hidden"
        />
        <PickerAtCaret
          place={place}
          fields={fields}
          onWrite={write}
          onClose={() => setPlace(null)}
          home={() => view.current?.contentDOM ?? null}
          goHome={() => view.current?.focus()}
        />
      </Box>
    </FieldFrame>
  );
}

/** Tags and attributes. No e-mail holds scripts, so their language, which is the larger part by far, is not loaded. */
const html = LRLanguage.define({ parser });

/** A change that came from outside is not told again. */
const fromOutside = Annotation.define<boolean>();
const writable = new Compartment();
const onlyRead = (isDisabled: boolean) => [EditorState.readOnly.of(isDisabled), EditorView.editable.of(!isDisabled)];

/** Inside of a tag a default stands between the other quotation marks than those of the attribute. */
function isInTag(state: EditorState, at: number): boolean {
  const before = state.sliceDoc(Math.max(0, at - 4_000), at);
  return before.lastIndexOf("<") > before.lastIndexOf(">");
}

const variable = (name: string) => `var(--chakra-colors-${name})`;
const theme = EditorView.theme({
  "&": { fontSize: "13px", backgroundColor: variable("bg-panel"), color: variable("fg"), maxHeight: "min(60dvh, 36rem)" },
  "&.cm-focused": { outline: `2px solid ${variable("accent-focus-ring")}`, outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--chakra-fonts-mono)", overflow: "auto", minHeight: "12rem" },
  ".cm-content": { caretColor: variable("fg") },
  ".cm-gutters": { backgroundColor: variable("bg-subtle"), color: variable("fg-subtle"), border: "none" },
  ".cm-cursor": { borderLeftColor: variable("fg") },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: variable("bg-emphasized"),
  },
});
const colours = HighlightStyle.define([
  { tag: [tags.tagName, tags.angleBracket], color: variable("fg-link") },
  { tag: tags.attributeName, color: variable("fg-muted") },
  { tag: [tags.attributeValue, tags.string], color: variable("green-fg") },
  { tag: tags.comment, color: variable("fg-subtle"), fontStyle: "italic" },
]);
