// biome-ignore-all lint/a11y/useSemanticElements: rows placed one by one are no table to the browser, so the roles say it.
// biome-ignore-all lint/a11y/useFocusableInteractive: rows take the focus, cells do not.
import { ArrowDown, ArrowUp } from "lucide-react";
import type { CSSProperties, ReactNode } from "react";
import { type DataColumn, ownWidths, sortAfterClick, type TableSort } from "./columns.ts";
import type { Tick } from "./row-selection.ts";
import { TickBox } from "./tick-box.tsx";

interface HeaderRowProps<Row extends object> {
  columns: readonly DataColumn<Row>[];
  sort: TableSort | undefined;
  onSort: (column: DataColumn<Row>) => void;
  /** On a phone, where a row is one cell: its heading. */
  only?: string;
  style: CSSProperties;
  select?: { tick: Tick; label: string; onChange: (selected: boolean) => void };
  /** The header of the actions column; false when there is no such column. */
  last: ReactNode;
}

const ariaSort = { asc: "ascending", desc: "descending" } as const;

export function HeaderRow<Row extends object>({ columns, sort, onSort, only, style, select, last }: HeaderRowProps<Row>) {
  const before = select ? 1 : 0;
  return (
    <div className="head" role="rowgroup">
      <div className="row" role="row" aria-rowindex={1} style={style}>
        {select && (
          <div className="cell select" role="columnheader" aria-colindex={1}>
            <TickBox tick={select.tick} label={select.label} onChange={select.onChange} />
          </div>
        )}
        {only && (
          <div className="cell" role="columnheader" aria-colindex={before + 1}>
            {only}
          </div>
        )}
        {columns.map((column, index) => {
          const sorted = sort?.column === column.id ? sort.direction : undefined;
          const Arrow = (sorted ?? sortAfterClick(column, sort).direction) === "desc" ? ArrowDown : ArrowUp;
          return (
            <div
              key={column.id}
              className={column.identity ? "cell identity" : "cell"}
              style={column.identity ? { insetInlineStart: select ? ownWidths.select : 0 } : undefined}
              role="columnheader"
              aria-colindex={index + 1 + before}
              aria-sort={column.sortable ? (sorted ? ariaSort[sorted] : "none") : undefined}
              data-align={column.align ?? "start"}
            >
              {column.sortable ? (
                <button type="button" className="sort" data-idle={sorted ? undefined : ""} onClick={() => onSort(column)}>
                  <span className="text">{column.header}</span>
                  <Arrow size={14} aria-hidden />
                </button>
              ) : (
                <span className="text">{column.header}</span>
              )}
            </div>
          );
        })}
        {last !== false && (
          <div className="cell actions" role="columnheader" aria-colindex={columns.length + 1 + before} aria-label="Row actions">
            {last}
          </div>
        )}
      </div>
    </div>
  );
}
