import { expect, test } from "vitest";
import { leastWidth } from "#ui/data-table/columns.ts";
import { contactColumns } from "./contact-columns.tsx";

test("the columns that are shown at first fit beside the rail of a small laptop, with a scroll bar", () => {
  const shown = contactColumns([]).filter(({ hiddenByDefault }) => !hiddenByDefault);
  const [laptop, rail, scrollBar] = [1_280, 224, 15];
  expect(leastWidth(shown, { select: true, actions: true })).toBeLessThanOrEqual(laptop - rail - scrollBar);
});
