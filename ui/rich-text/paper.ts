import type { SystemStyleObject } from "@chakra-ui/react";

/**
 * The sheet on which an e-mail is written: white in light and dark, as it is in most mail programs, because the colours that
 * the text brings with it are made for that.
 */
export const paper: SystemStyleObject = {
  bg: "white",
  color: "#14181e",
  colorScheme: "light",
  borderBottomRadius: "l2",
  cursor: "text",
  "& .tiptap": {
    minHeight: "12rem",
    maxHeight: "min(60dvh, 36rem)",
    overflowY: "auto",
    px: "4",
    py: "3",
    outline: "none",
    fontSize: "15px",
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
    borderBottomRadius: "l2",
  },
  "& .tiptap:focus-visible": { boxShadow: "inset 0 0 0 2px #0d7282" },
  // As programs draw what has no style of its own.
  "& .tiptap p, & .tiptap ul, & .tiptap ol": { marginBlock: "1em" },
  "& .tiptap h1, & .tiptap h2, & .tiptap h3": { marginBlock: "0.8em" },
  "& .tiptap h1": { fontSize: "1.75em", fontWeight: 700 },
  "& .tiptap h2": { fontSize: "1.35em", fontWeight: 700 },
  "& .tiptap h3": { fontSize: "1.15em", fontWeight: 700 },
  "& .tiptap strong": { fontWeight: 700 },
  "& .tiptap ul": { listStyle: "disc", paddingInlineStart: "24px" },
  "& .tiptap ol": { listStyle: "decimal", paddingInlineStart: "24px" },
  "& .tiptap li > p": { margin: "0 !important" },
  "& .tiptap a": { color: "#0f5b68", textDecoration: "underline", cursor: "text" },
  "& .tiptap hr": { borderTop: "1px solid #d0d5dc" },
  "& .merge-field": {
    bg: "#cff0f3",
    color: "#123c46",
    borderRadius: "4px",
    px: "1.5",
    py: "0.5",
    fontSize: "0.92em",
    fontWeight: 500,
    whiteSpace: "nowrap",
    cursor: "default",
    textDecoration: "none",
  },
  "& .picture": {
    display: "inline-block",
    border: "1px dashed #858e9b",
    borderRadius: "4px",
    px: "3",
    py: "2",
    fontSize: "0.92em",
    color: "#535c69",
    cursor: "default",
  },
  "& .ProseMirror-selectednode": { outline: "2px solid #0d7282", outlineOffset: "1px" },
};
