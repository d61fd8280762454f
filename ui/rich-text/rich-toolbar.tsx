import { Flex } from "@chakra-ui/react";
import type { Editor } from "@tiptap/react";
import { useEditorState } from "@tiptap/react";
import {
  Bold,
  Braces,
  Heading1,
  Heading2,
  Image,
  Italic,
  Link,
  List,
  ListOrdered,
  type LucideIcon,
  Minus,
  Redo2,
  SquareMousePointer,
  Undo2,
} from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { IconButton } from "../icon-button.tsx";
import type { MergeFields } from "../merge-fields/merge-fields.ts";
import { InsertDialog, type Inserted } from "./insert-dialog.tsx";
import { buttonStyle, isButton } from "./text-styles.ts";

interface RichToolbarProps {
  editor: Editor;
  fields: MergeFields;
  label: string;
  disabled: boolean;
  onField: () => void;
}

/** The buttons above a text. It is one stop of the Tab key; arrows move inside of it. */
export function RichToolbar({ editor, fields, label, disabled, onField }: RichToolbarProps) {
  const [asked, setAsked] = useState<Inserted | null>(null);
  const bar = useRef<HTMLDivElement>(null);
  const [stop, setStop] = useState(0);
  const is = useEditorState({
    editor,
    selector: ({ editor: at }) => ({
      h1: at.isActive("heading", { level: 1 }),
      h2: at.isActive("heading", { level: 2 }),
      bold: at.isActive("bold"),
      italic: at.isActive("italic"),
      bullets: at.isActive("bulletList"),
      numbers: at.isActive("orderedList"),
      link: at.isActive("link"),
      button: at.isActive("link") && isButton(at.getAttributes("link").style),
      undo: at.can().undo(),
      redo: at.can().redo(),
    }),
  });
  const go = () => editor.chain().focus();
  const askLink = (kind: "link" | "button") => {
    const { href } = editor.getAttributes("link");
    setAsked({
      kind,
      address: href ?? "",
      words: editor.isActive("link") || !editor.state.selection.empty ? undefined : "",
      isThere: is.link,
    });
  };
  const buttons: [label: string, icon: LucideIcon, press: () => void, pressed?: boolean, off?: boolean][] = [
    ["Large heading", Heading1, () => go().toggleHeading({ level: 1 }).run(), is.h1],
    ["Heading", Heading2, () => go().toggleHeading({ level: 2 }).run(), is.h2],
    ["Bold", Bold, () => go().toggleBold().run(), is.bold],
    ["Italic", Italic, () => go().toggleItalic().run(), is.italic],
    ["List", List, () => go().toggleBulletList().run(), is.bullets],
    ["Numbered list", ListOrdered, () => go().toggleOrderedList().run(), is.numbers],
    ["Link", Link, () => askLink("link"), is.link && !is.button],
    ["Button", SquareMousePointer, () => askLink("button"), is.button],
    ["Picture", Image, () => setAsked({ kind: "picture", ...pictureAt(editor) })],
    ["Divider", Minus, () => go().setHorizontalRule().run()],
    [`Put a field into “${label}”`, Braces, onField],
    ["Undo typing", Undo2, () => go().undo().run(), undefined, !is.undo],
    ["Redo typing", Redo2, () => go().redo().run(), undefined, !is.redo],
  ];
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowRight: stop + 1, ArrowLeft: stop - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = (to + buttons.length) % buttons.length;
    setStop(next);
    bar.current?.querySelectorAll("button")[next]?.focus();
  };
  return (
    <>
      <Flex
        ref={bar}
        role="toolbar"
        aria-label={`How “${label}” looks`}
        wrap="wrap"
        py="1"
        px="0.5"
        borderBottomWidth="1px"
        bg="bg.subtle"
        borderTopRadius="l2"
        onKeyDown={onKeyDown}
      >
        {buttons.map(([name, icon, press, pressed, off], at) => (
          <IconButton
            key={name}
            icon={icon}
            label={name}
            size="xs"
            // All of them in one line on a phone.
            minW="1.625rem"
            w="1.625rem"
            tooltip="title"
            tabIndex={at === stop ? 0 : -1}
            onFocus={() => setStop(at)}
            // A button that is off keeps the focus, so that the arrows go on from it.
            aria-disabled={disabled || off ? true : undefined}
            opacity={disabled || off ? 0.4 : undefined}
            aria-pressed={pressed}
            bg={pressed ? "bg.emphasized" : undefined}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => disabled || off || press()}
          />
        ))}
      </Flex>
      {asked && (
        <InsertDialog
          asked={asked}
          fields={fields}
          onClose={() => setAsked(null)}
          onInsert={(chosen) => {
            setAsked(null);
            insert(editor, chosen);
          }}
          onRemove={() => {
            setAsked(null);
            if (asked.kind === "picture") go().deleteSelection().run();
            else go().extendMarkRange("link").unsetLink().run();
          }}
        />
      )}
    </>
  );
}

function pictureAt(editor: Editor): { address: string; words: string; isThere: boolean } {
  const isThere = editor.isActive("image");
  const { src, alt } = editor.getAttributes("image");
  return { address: isThere ? src : "", words: isThere ? (alt ?? "") : "", isThere };
}

function insert(editor: Editor, { kind, address, words, isThere }: Inserted): void {
  const go = editor.chain().focus();
  if (kind === "picture") {
    const attrs = { src: address, alt: words ?? "" };
    if (isThere) go.updateAttributes("image", attrs).run();
    else go.insertContent({ type: "image", attrs }).run();
    return;
  }
  const attrs = { href: address, style: kind === "button" ? buttonStyle : null };
  if (words === undefined) {
    if (isThere) go.extendMarkRange("link").setMark("link", attrs).run();
    else go.setMark("link", attrs).run();
    return;
  }
  go.insertContent({ type: "text", text: words || address, marks: [{ type: "link", attrs }] })
    .unsetMark("link")
    .run();
}
