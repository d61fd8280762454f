import { expect, test } from "vitest";
import { leastWidth } from "#ui/data-table/columns.ts";
import { contactColumns } from "./contact-columns.tsx";

test("the columns that are shown at first fit beside the rail of a small laptop, with a scroll bar", () => {
  const shown = contactColumns([]).filter(({ hiddenByDefault }) => !hiddenByDefault);
  const [laptop, rail, scrollBar] = [1_280, 224, 15];
  expect(leastWidth(shown, { select: true, actions: true })).toBeLessThanOrEqual(laptop - rail - scrollBar);
});

test("a phone number of 14 signs is seen whole: its last digits are where contacts differ", () => {
  const phone = contactColumns([]).find(({ id }) => id === "phone");
  // "+4915123122345" in Inter of 13 px with digits of one width, as measured in a browser, between the paddings of a cell.
  const [signs, paddings] = [118.02, 24];
  expect(phone?.width).toBeGreaterThanOrEqual(signs + paddings);
});
