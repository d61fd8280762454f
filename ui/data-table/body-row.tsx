// biome-ignore-all lint/a11y/useSemanticElements: rows placed one by one are no table to the browser, so the roles say it.
// biome-ignore-all lint/a11y/useFocusableInteractive: rows take the focus, cells do not.
import { type CSSProperties, type MouseEvent, memo, type ReactNode } from "react";
import { type DataColumn, ownWidths } from "./columns.ts";
import { TickBox } from "./tick-box.tsx";

/** The callbacks of a row. The object stays the same for the life of the table, so that rows are not rendered again because of it. */
export interface RowHandlers<Row> {
  select: (index: number, selected: boolean, range: boolean) => void;
  focused: (index: number) => void;
  open?: (row: Row) => void;
  actions?: (row: Row, focus: { tabIndex: number }) => ReactNode;
}

interface BodyRowProps<Row extends object> {
  row: Row;
  index: number;
  columns: readonly DataColumn<Row>[];
  style: CSSProperties;
  offset: number;
  /** null: rows cannot be selected. */
  selected: boolean | null;
  label: string;
  /** Its detail is open beside the table. */
  opened: boolean;
  /** The one row that Tab reaches; arrows move it. */
  current: boolean;
  compact?: (row: Row) => ReactNode;
  handlers: RowHandlers<Row>;
}

/** A click on a control, or at the end of selecting text, is not a click on the row. */
const meansRow = (event: MouseEvent<HTMLElement>) =>
  !(event.target as HTMLElement).closest("button, a, input, [role=menu]") && getSelection()?.isCollapsed !== false;

function DrawnRow<Row extends object>(props: BodyRowProps<Row>) {
  const { row, index, columns, style, offset, selected, label, opened, current, compact, handlers } = props;
  const { open, actions } = handlers;
  const tabIndex = current ? 0 : -1;
  const before = selected === null ? 0 : 1;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it hears Enter for its rows.
    <div
      className="row"
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected ?? undefined}
      aria-label={label}
      aria-current={opened || undefined}
      data-index={index}
      data-opens={open ? "" : undefined}
      tabIndex={tabIndex}
      style={{ ...style, transform: `translateY(${offset}px)` }}
      onFocus={() => handlers.focused(index)}
      onClick={open && ((event) => meansRow(event) && open(row))}
    >
      {selected !== null && (
        <div className="cell select" role="gridcell" aria-colindex={1}>
          <TickBox
            tick={selected ? "all" : "none"}
            label={`Select ${label}`}
            tabIndex={-1}
            onChange={(next, range) => handlers.select(index, next, range)}
          />
        </div>
      )}
      {compact ? (
        <div className="cell" role="gridcell" aria-colindex={before + 1}>
          {compact(row)}
        </div>
      ) : (
        columns.map(({ id, identity, align = "start", cell }, position) => (
          <div
            key={id}
            className={identity ? "cell identity" : "cell"}
            style={identity ? { insetInlineStart: before * ownWidths.select } : undefined}
            role="gridcell"
            aria-colindex={before + position + 1}
            data-align={align}
          >
            {cell(row)}
          </div>
        ))
      )}
      {actions && (
        <div className="cell actions" role="gridcell" aria-colindex={before + (compact ? 1 : columns.length) + 1}>
          {actions(row, { tabIndex })}
        </div>
      )}
    </div>
  );
}

export const BodyRow = memo(DrawnRow) as typeof DrawnRow;
