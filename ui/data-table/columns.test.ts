import { expect, it } from "vitest";
import { type DataColumn, gridTemplate, leastWidth, toColumnDefs } from "./columns.ts";
import { rowsBetween, tickOf } from "./row-selection.ts";

const column = (more: Partial<DataColumn<object>> = {}): DataColumn<object> => ({
  id: "name",
  header: "Name",
  width: 100,
  cell: () => null,
  ...more,
});

it("neither hides the column that names the row nor sorts one that the server cannot sort", () => {
  const [name, note] = toColumnDefs([column({ identity: true, sortable: true }), column({ id: "note" })]);
  expect(name).toMatchObject({ enableHiding: false, enableSorting: true });
  expect(note).toMatchObject({ enableHiding: true, enableSorting: false });
});

it("sorts newest first at the first click where the column says so", () => {
  const [dates, names] = toColumnDefs([column({ firstDirection: "desc" }), column()]);
  expect(dates).toMatchObject({ sortDescFirst: true });
  expect(names).toMatchObject({ sortDescFirst: false });
});

it("shares the space that is left by `grow`, and gives none to a column that does not grow", () => {
  const columns = [
    { width: 100, grow: 2 },
    { width: 50, grow: 0 },
  ];
  expect(gridTemplate(columns, { select: false, actions: false })).toBe("minmax(100px, 2fr) 50px");
  expect(gridTemplate(columns, { select: true, actions: true })).toBe("44px minmax(100px, 2fr) 50px 48px");
  expect(leastWidth(columns, { select: true, actions: false })).toBe(194);
});

it("ticks all, some or none of the rows", () => {
  const chosen = (...ids: number[]) => ({ isSelected: (row: number) => ids.includes(row), set: () => {} });
  expect(tickOf([1, 2], chosen())).toBe("none");
  expect(tickOf([1, 2], chosen(1, 3))).toBe("some");
  expect(tickOf([1, 2], chosen(1, 2))).toBe("all");
});

it("takes the rows between two, whichever comes first", () => {
  expect(rowsBetween([0, 1, 2, 3], 1, 2)).toEqual([1, 2]);
  expect(rowsBetween([0, 1, 2, 3], 3, 1)).toEqual([1, 2, 3]);
});
