import { expect, test } from "vitest";
import { leastWidth } from "#ui/data-table/columns.ts";
import { binColumns } from "#web/features/bin/bin-columns.tsx";
import { historyColumns } from "#web/features/executions/history-columns.tsx";
import { logColumns } from "#web/features/executions/log-columns.tsx";
import { sendColumns } from "#web/features/sends/send-columns.tsx";

/** A laptop's window without the menu of the product and a scroll bar. */
const room = 1280 - 224 - 16;
const now = Date.parse("2026-05-03T14:00:00Z");

test.each([
  ["the bin", binColumns, true],
  ["sends", sendColumns(now, "America/Chicago"), false],
  ["the enrollment history", historyColumns(now, "America/Chicago"), false],
  ["the step log", logColumns("America/Chicago"), false],
] as const)("the columns of %s that are shown from the start fit a laptop", (_, columns, select) => {
  const shown = columns.filter((column) => !column.hiddenByDefault);
  expect(leastWidth(shown, { select, actions: true })).toBeLessThanOrEqual(room);
});
