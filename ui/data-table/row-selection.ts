/**
 * How a table shows and changes what is selected. The table owns no selection: whoever does may mean rows that were
 * never loaded ("all that match").
 */
export interface RowSelection<Row> {
  isSelected(row: Row): boolean;
  set(rows: readonly Row[], selected: boolean): void;
}

export type Tick = "none" | "some" | "all";

export const tickOf = <Row>(rows: readonly Row[], selection: RowSelection<Row>): Tick => {
  const chosen = rows.reduce((count, row) => count + (selection.isSelected(row) ? 1 : 0), 0);
  return chosen === 0 ? "none" : chosen === rows.length ? "all" : "some";
};

/** The rows from one to another, both included, whichever comes first. */
export const rowsBetween = <Row>(rows: readonly Row[], from: number, to: number): readonly Row[] =>
  rows.slice(Math.min(from, to), Math.max(from, to) + 1);
