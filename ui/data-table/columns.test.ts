import { expect, it } from "vitest";
import { gridTemplate, leastWidth, sortAfterClick } from "./columns.ts";
import { rowsBetween, tickOf } from "./row-selection.ts";

it("sorts by a first click in the direction that the column names, newest first for dates, and turns it by the next", () => {
  const dates = { id: "added", firstDirection: "desc" } as const;
  expect(sortAfterClick(dates, undefined)).toEqual({ column: "added", direction: "desc" });
  expect(sortAfterClick(dates, { column: "name", direction: "asc" })).toEqual({ column: "added", direction: "desc" });
  expect(sortAfterClick(dates, { column: "added", direction: "desc" })).toEqual({ column: "added", direction: "asc" });
  expect(sortAfterClick({ id: "name" }, undefined)).toEqual({ column: "name", direction: "asc" });
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
