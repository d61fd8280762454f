import { Skeleton } from "@chakra-ui/react";
import type { CSSProperties } from "react";
import { rowHeights } from "./table-styles.ts";

interface SkeletonRowProps {
  columns: number;
  select: boolean;
  actions: boolean;
  narrow: boolean;
  style: CSSProperties;
  index: number;
}

/** Widths that look like names and numbers rather than a brick wall, the same for a row each time it is drawn. */
const widths = ["72%", "58%", "84%", "46%", "66%", "52%"];

/** A row that is on its way, in the shape it will have. */
export function SkeletonRow({ columns, select, actions, narrow, style, index }: SkeletonRowProps) {
  return (
    <div className="row" aria-hidden style={{ height: narrow ? rowHeights.narrow : rowHeights.wide, ...style }}>
      {select && (
        <div className="cell select">
          <Skeleton boxSize="4" />
        </div>
      )}
      {Array.from({ length: narrow ? 1 : columns }, (_, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the columns of a skeleton have no other name.
        <div className="cell" key={column}>
          <Skeleton height="3" width={widths[(index * 5 + column) % widths.length]} />
        </div>
      ))}
      {actions && <div className="cell" />}
    </div>
  );
}
