import type { SystemStyleObject } from "@chakra-ui/react";

export const rowHeights = { header: 36, wide: 40, narrow: 64 } as const;

/**
 * The whole table in one style sheet: a thousand styled cells would each compute their own, and scrolling shows it.
 * Cells that stay in view sideways need a ground of their own, so the row's colour travels in a variable.
 */
export const tableStyles: SystemStyleObject = {
  position: "relative",
  flex: "1",
  minHeight: "0",
  overflow: "auto",
  overscrollBehavior: "contain",
  fontSize: "sm",
  fontVariantNumeric: "tabular-nums",
  bg: "bg.panel",
  "& .row": {
    "--ground": "var(--chakra-colors-bg-panel)",
    display: "grid",
    alignItems: "stretch",
    background: "var(--ground)",
    borderBottomWidth: "1px",
    borderColor: "border.muted",
    outline: "none",
  },
  "& .body .row": { position: "absolute", insetInlineStart: "0", top: "0", cursor: "default" },
  "& .body .row[data-opens]": { cursor: "pointer" },
  "& .body .row:hover, & .body .row:focus-within": { "--ground": "var(--chakra-colors-bg-subtle)" },
  "& .body .row[aria-current]": { "--ground": "var(--chakra-colors-bg-muted)" },
  "& .row[aria-selected=true], & .row[aria-selected=true]:hover": { "--ground": "var(--chakra-colors-accent-subtle)" },
  "& .row:focus-visible": { boxShadow: "inset 0 0 0 2px var(--chakra-colors-accent-solid)", zIndex: "1" },
  "& .head": { position: "sticky", top: "0", zIndex: "2" },
  "& .head .row": { "--ground": "var(--chakra-colors-bg-subtle)", height: `${rowHeights.header}px`, borderColor: "border" },
  "& .cell": {
    display: "flex",
    alignItems: "center",
    minWidth: "0",
    paddingInline: "3",
    background: "var(--ground)",
    position: "relative",
  },
  "& .row:focus-visible .cell": { background: "transparent" },
  "& .cell[data-align=end]": { justifyContent: "flex-end" },
  "& .cell > .text": { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", minWidth: "0" },
  "& .select": { position: "sticky", insetInlineStart: "0", zIndex: "1", justifyContent: "center", padding: "0" },
  "& .select .tick": { position: "absolute", inset: "0", width: "100%", height: "100%", opacity: "0", cursor: "pointer", margin: "0" },
  "& .select .tick:focus-visible + *": { outline: "2px solid var(--chakra-colors-accent-solid)", outlineOffset: "2px" },
  "& .identity": { position: "sticky", zIndex: "1" },
  "& .actions": { position: "sticky", insetInlineEnd: "0", zIndex: "1", justifyContent: "center", padding: "0" },
  // Touch has no hover: there the buttons are always drawn.
  "@media (hover: hover)": {
    "& .body .actions > *": { opacity: "0" },
    "& .body .row:hover .actions > *, & .body .row:focus-within .actions > *, & .body .row:focus .actions > *, & .actions > :has([aria-expanded=true]), & .actions > [aria-expanded=true]":
      { opacity: "1" },
  },
  "& .sort": {
    display: "inline-flex",
    alignItems: "center",
    gap: "1",
    minWidth: "0",
    height: "100%",
    cursor: "pointer",
    color: "inherit",
    borderRadius: "sm",
    _hover: { color: "fg" },
    _focusVisible: { outline: "2px solid var(--chakra-colors-accent-solid)", outlineOffset: "-2px" },
  },
  "& .sort svg": { flexShrink: "0" },
  "& .sort[data-idle] svg": { opacity: "0" },
  "& .sort[data-idle]:hover svg, & .sort[data-idle]:focus-visible svg": { opacity: "0.6" },
  "& .head .cell": { color: "fg.muted", fontWeight: "medium", fontSize: "xs" },
  "& .stale": { opacity: "0.55", transition: "opacity 120ms" },
  "@media (prefers-reduced-motion: reduce)": { "& .stale": { transition: "none" } },
};
