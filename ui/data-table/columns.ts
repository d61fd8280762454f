import { type ColumnDef, columnVisibilityFeature, rowSortingFeature, tableFeatures } from "@tanstack/react-table";
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

interface ColumnLayout {
  width: number;
  grow: number;
  align: "start" | "end";
  identity: boolean;
  render: (row: never) => ReactNode;
}

export const gridFeatures = tableFeatures({ columnVisibilityFeature, rowSortingFeature, columnMeta: {} as ColumnLayout });
export type GridFeatures = typeof gridFeatures;

export const toColumnDefs = <Row extends object>(columns: readonly DataColumn<Row>[]): ColumnDef<GridFeatures, Row, unknown>[] =>
  columns.map((column) => ({
    id: column.id,
    header: column.header,
    accessorFn: (row: Row) => row,
    enableHiding: !column.identity,
    enableSorting: column.sortable ?? false,
    sortDescFirst: column.firstDirection === "desc",
    meta: {
      width: column.width,
      grow: column.grow ?? 1,
      align: column.align ?? "start",
      identity: column.identity ?? false,
      render: column.cell as (row: never) => ReactNode,
    },
  }));

/** Widths of the columns that are the table's own. */
export const ownWidths = { select: 44, actions: 48 } as const;

/** Every row is a grid of its own with this template, so a row drawn alone lines up with its header. */
export const gridTemplate = (columns: readonly { width: number; grow: number }[], own: { select: boolean; actions: boolean }) =>
  [
    own.select ? `${ownWidths.select}px` : "",
    ...columns.map(({ width, grow }) => (grow === 0 ? `${width}px` : `minmax(${width}px, ${grow}fr)`)),
    own.actions ? `${ownWidths.actions}px` : "",
  ]
    .filter(Boolean)
    .join(" ");

export const leastWidth = (columns: readonly { width: number }[], own: { select: boolean; actions: boolean }) =>
  columns.reduce((sum, { width }) => sum + width, (own.select ? ownWidths.select : 0) + (own.actions ? ownWidths.actions : 0));
