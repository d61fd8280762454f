import type { ReactNode } from "react";

/** A column as a feature describes it. */
export interface DataColumn<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** The least width in pixels; what is left over is shared out by `grow` (1 unless told). */
  width: number;
  grow?: number;
  align?: "start" | "end";
  /** Whether a click on its header sorts; the server does it. */
  sortable?: boolean;
  /** The direction of the first click: dates read newest first. */
  firstDirection?: SortDirection;
  /** The column that says which row this is: always shown, stays in view when the table is scrolled sideways. */
  identity?: boolean;
  hiddenByDefault?: boolean;
}

export type SortDirection = "asc" | "desc";
export interface TableSort {
  column: string;
  direction: SortDirection;
}

/** The order that a click on the head of a column asks for: its first direction, or the other one where it is sorted already. */
export function sortAfterClick(
  { id, firstDirection = "asc" }: Pick<DataColumn<never>, "id" | "firstDirection">,
  sort: TableSort | undefined,
): TableSort {
  const direction = sort?.column === id ? (sort.direction === "asc" ? "desc" : "asc") : firstDirection;
  return { column: id, direction };
}

/** Widths of the columns that are the table's own. */
export const ownWidths = { select: 44, actions: 48 } as const;

/** Every row is a grid of its own with this template, so a row drawn alone lines up with its header. */
export const gridTemplate = (columns: readonly { width: number; grow?: number }[], own: { select: boolean; actions: boolean }) =>
  [
    own.select ? `${ownWidths.select}px` : "",
    ...columns.map(({ width, grow = 1 }) => (grow === 0 ? `${width}px` : `minmax(${width}px, ${grow}fr)`)),
    own.actions ? `${ownWidths.actions}px` : "",
  ]
    .filter(Boolean)
    .join(" ");

export const leastWidth = (columns: readonly { width: number }[], own: { select: boolean; actions: boolean }) =>
  columns.reduce((sum, { width }) => sum + width, (own.select ? ownWidths.select : 0) + (own.actions ? ownWidths.actions : 0));
