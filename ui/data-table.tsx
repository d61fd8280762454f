// biome-ignore-all lint/a11y/useSemanticElements: rows placed one by one are no table to the browser, so the roles say it.
// biome-ignore-all lint/a11y/useFocusableInteractive: rows take the focus, cells do not.
import { Box } from "@chakra-ui/react";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, type ReactNode, useCallback, useEffect, useMemo, useRef } from "react";
import { BodyRow, type RowHandlers } from "./data-table/body-row.tsx";
import { useColumnMemory } from "./data-table/column-memory.ts";
import { type DataColumn, gridTemplate, leastWidth, sortAfterClick, type TableSort } from "./data-table/columns.ts";
import { ColumnMenu, SortMenu } from "./data-table/head-menus.tsx";
import { HeaderRow } from "./data-table/header-row.tsx";
import { type RowSelection, rowsBetween, tickOf } from "./data-table/row-selection.ts";
import { SkeletonRow } from "./data-table/skeleton-row.tsx";
import { rowHeights, tableStyles } from "./data-table/table-styles.ts";
import { useGridKeys } from "./data-table/use-grid-keys.ts";
import { useNarrow } from "./data-table/use-narrow.ts";

export interface DataTableProps<Row extends object> {
  /** The accessible name: "Contacts". */
  label: string;
  columns: readonly DataColumn<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  /** The accessible name of a row. */
  rowLabel: (row: Row) => string;
  /** How many rows there are in all, loaded or not; undefined while nobody knows. */
  total?: number;
  /** `first`: nothing to show yet. `again`: other rows are on their way, these are of the question before. */
  loading?: "first" | "again" | null;
  /** Shown in place of the rows. */
  error?: ReactNode;
  /** Shown when there are none. */
  empty?: ReactNode;
  more?: { has: boolean; load: () => void; error?: ReactNode };
  sort?: TableSort;
  onSort?: (sort: TableSort) => void;
  selection?: RowSelection<Row>;
  onOpen?: (row: Row) => void;
  /** The row whose detail is open beside the table. */
  openedId?: string;
  /** Buttons at the end of a row; give them the `tabIndex`. */
  rowActions?: RowHandlers<Row>["actions"];
  /** The row on a phone: two lines in one cell. */
  compactRow?: (row: Row) => ReactNode;
  /** The name under which this browser remembers the chosen columns. */
  rememberAs?: string;
  /** When this changes, other rows are listed: back to the top. */
  listKey?: string;
  /** Room left under the last row, so that a bar floating there hides nothing. */
  roomBelow?: number;
}

const skeletonsFirst = 14;
const skeletonsMore = 3;
/** Rows left below the last one in sight when the next page is asked for: about a screen, so that scrolling rarely waits. */
const loadAhead = 25;

/** A table of any length: only the rows in sight are drawn, pages are fetched as they come near. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowId, rowLabel, total, loading, error, empty, more, sort, onSort, selection, onOpen, openedId } = props;
  const { rowActions, compactRow, rememberAs, listKey, roomBelow = 0 } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useNarrow() && compactRow !== undefined;
  const [visibility, setVisibility] = useColumnMemory(rememberAs, columns);
  const isShown = (column: DataColumn<Row>) => column.identity || visibility[column.id] !== false;
  // The same list as long as no column is chosen: rows that scroll by are not drawn anew for it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: which columns are shown depends on these two alone.
  const visible = useMemo(() => columns.filter(isShown), [columns, visibility]);
  const sortBy = (column: DataColumn<Row>) => onSort?.(sortAfterClick(column, sort));
  const own = { select: selection !== undefined, actions: rowActions !== undefined || rememberAs !== undefined };
  const template = narrow ? gridTemplate([{ width: 0, grow: 1 }], own) : gridTemplate(visible, own);
  const least = narrow ? 0 : leastWidth(visible, own);
  const height = narrow ? rowHeights.narrow : rowHeights.wide;
  const rowStyle = useMemo<CSSProperties>(
    () => ({ gridTemplateColumns: template, width: "100%", minWidth: least, height }),
    [template, least, height],
  );

  const settled = error === undefined && loading !== "first";
  const waiting = settled && more?.has ? (more.error === undefined ? skeletonsMore : 1) : 0;
  const count = settled ? rows.length + waiting : 0;
  const currentRow = useRef(0);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    scrollPaddingStart: rowHeights.header,
    scrollPaddingEnd: roomBelow + 8,
    paddingEnd: roomBelow,
    // The row that has the focus stays drawn wherever it is scrolled to, or the focus would fall to the page.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      const kept = currentRow.current;
      return kept >= range.count || shown.includes(kept) ? shown : [...shown, kept].sort((a, b) => a - b);
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height is what changes the measure.
  useEffect(() => virtualizer.measure(), [height]);

  const anchor = useRef(0);
  const latest = useRef({ rows, selection });
  latest.current = { rows, selection };
  const select = useCallback((index: number, selected: boolean, range: boolean) => {
    const { rows, selection } = latest.current;
    const from = range ? Math.min(anchor.current, rows.length - 1) : index;
    selection?.set(rowsBetween(rows, from, index), selected);
    anchor.current = index;
  }, []);
  const keys = useGridKeys({
    scroller,
    count: rows.length,
    selectable: selection !== undefined,
    reveal: useCallback((index: number) => virtualizer.scrollToIndex(index), [virtualizer]),
    toggle: (index, range) => {
      const row = rows[index];
      if (row) select(index, range || !selection?.isSelected(row), range);
    },
    selectTo: (from, to) => {
      selection?.set(rowsBetween(rows, from, to), true);
      anchor.current = to;
    },
    selectAll: () => selection?.set(rows, true),
    open: onOpen && ((index) => rows[index] && onOpen(rows[index])),
  });
  currentRow.current = keys.current;
  const { setCurrent } = keys;

  const handlers = useMemo<RowHandlers<Row>>(
    () => ({ select, focused: setCurrent, open: onOpen, actions: rowActions }),
    [select, setCurrent, onOpen, rowActions],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its top, whatever else changed.
  useEffect(() => {
    setCurrent(0);
    anchor.current = 0;
    scroller.current?.scrollTo?.({ top: 0 });
  }, [listKey]);

  const items = virtualizer.getVirtualItems();
  const lastInSight = virtualizer.range?.endIndex ?? -1;
  const near = settled && more?.has && more.error === undefined && lastInSight >= rows.length - loadAhead;
  const load = more?.load;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again for each page that arrives while still near the end.
  useEffect(() => {
    if (near) load?.();
  }, [near, rows.length, load]);

  const skeleton = { columns: visible.length, ...own, narrow };
  const isEmpty = settled && rows.length === 0 && !more?.has && loading !== "again";
  return (
    <Box ref={scroller} css={tableStyles} onKeyDown={keys.onKeyDown}>
      <div
        role="grid"
        aria-label={label}
        aria-rowcount={total === undefined ? -1 : total + 1}
        aria-colcount={(narrow ? 1 : visible.length) + (own.select ? 1 : 0) + (own.actions ? 1 : 0)}
        aria-multiselectable={own.select || undefined}
        aria-busy={loading !== null && loading !== undefined}
      >
        <HeaderRow
          columns={narrow ? [] : visible}
          sort={sort}
          onSort={sortBy}
          only={narrow ? label : undefined}
          style={{ ...rowStyle, height: rowHeights.header }}
          select={
            selection && {
              tick: rows.length === 0 ? "none" : tickOf(rows, selection),
              label: "Select all loaded rows",
              onChange: (selected) => selection.set(rows, selected),
            }
          }
          last={
            own.actions &&
            (narrow ? (
              <SortMenu columns={columns} sort={sort} onSort={sortBy} />
            ) : (
              rememberAs !== undefined && (
                <ColumnMenu
                  columns={columns}
                  isShown={isShown}
                  onTurn={({ id }) => setVisibility((now) => ({ ...now, [id]: now[id] === false }))}
                />
              )
            ))
          }
        />
        {error === undefined && loading === "first" && (
          <div>
            {Array.from({ length: skeletonsFirst }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows that are not there yet have no other name.
              <SkeletonRow key={index} index={index} {...skeleton} style={{ ...rowStyle }} />
            ))}
          </div>
        )}
        {count > 0 && (
          <div
            className={loading === "again" ? "body stale" : "body"}
            role="rowgroup"
            style={{ height: virtualizer.getTotalSize(), position: "relative", minWidth: least }}
          >
            {items.map((item) => {
              const row = rows[item.index];
              if (row === undefined)
                return more?.error === undefined ? (
                  <SkeletonRow
                    key={`waiting-${item.index}`}
                    index={item.index}
                    {...skeleton}
                    style={{ ...rowStyle, transform: `translateY(${item.start}px)` }}
                  />
                ) : (
                  <div
                    key="more-error"
                    role="row"
                    style={{ position: "absolute", width: "100%", transform: `translateY(${item.start}px)` }}
                  >
                    <div role="gridcell">{more.error}</div>
                  </div>
                );
              return (
                <BodyRow
                  key={rowId(row)}
                  row={row}
                  index={item.index}
                  columns={visible}
                  style={rowStyle}
                  offset={item.start}
                  selected={selection ? selection.isSelected(row) : null}
                  label={rowLabel(row)}
                  opened={openedId !== undefined && rowId(row) === openedId}
                  current={item.index === keys.current}
                  compact={narrow ? compactRow : undefined}
                  handlers={handlers}
                />
              );
            })}
          </div>
        )}
      </div>
      {/* Beside the grid: to a screen reader a grid holds rows and nothing else. */}
      {error}
      {isEmpty && empty}
    </Box>
  );
}
