// biome-ignore-all lint/a11y/useSemanticElements: rows placed one by one are no table to the browser, so the roles say it.
// biome-ignore-all lint/a11y/useFocusableInteractive: rows take the focus, cells do not.
import type { Header } from "@tanstack/react-table";
import { ArrowDown, ArrowUp } from "lucide-react";
import type { CSSProperties, ReactNode } from "react";
import { type GridFeatures, ownWidths } from "./columns.ts";
import type { Tick } from "./row-selection.ts";
import { TickBox } from "./tick-box.tsx";

interface HeaderRowProps<Row extends object> {
  headers: readonly Header<GridFeatures, Row, unknown>[];
  /** On a phone, where a row is one cell: its heading. */
  only?: string;
  style: CSSProperties;
  select?: { tick: Tick; label: string; onChange: (selected: boolean) => void };
  /** The header of the actions column; false when there is no such column. */
  last: ReactNode;
}

const ariaSort = { asc: "ascending", desc: "descending" } as const;

export function HeaderRow<Row extends object>({ headers, only, style, select, last }: HeaderRowProps<Row>) {
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
        {headers.map((header, index) => {
          const { column } = header;
          const sorted = column.getIsSorted();
          const name = String(column.columnDef.header);
          const Arrow = (sorted || column.getFirstSortDir()) === "desc" ? ArrowDown : ArrowUp;
          return (
            <div
              key={header.id}
              className={column.columnDef.meta?.identity ? "cell identity" : "cell"}
              style={column.columnDef.meta?.identity ? { insetInlineStart: select ? ownWidths.select : 0 } : undefined}
              role="columnheader"
              aria-colindex={index + 1 + before}
              aria-sort={column.getCanSort() ? (sorted ? ariaSort[sorted] : "none") : undefined}
              data-align={column.columnDef.meta?.align}
            >
              {column.getCanSort() ? (
                <button type="button" className="sort" data-idle={sorted ? undefined : ""} onClick={() => column.toggleSorting()}>
                  <span className="text">{name}</span>
                  <Arrow size={14} aria-hidden />
                </button>
              ) : (
                <span className="text">{name}</span>
              )}
            </div>
          );
        })}
        {last !== false && (
          <div className="cell actions" role="columnheader" aria-colindex={headers.length + 1 + before} aria-label="Row actions">
            {last}
          </div>
        )}
      </div>
    </div>
  );
}
