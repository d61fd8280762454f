import { expect, it } from "vitest";
import { leastWidth } from "#ui/data-table/columns.ts";
import { historyColumns } from "./history-columns.tsx";
import { logColumns } from "./log-columns.tsx";

it("the columns of both histories of a flow stand beside the rail in a window of 1,280 pixels", () => {
  const rail = 224;
  for (const columns of [historyColumns(0, "UTC"), logColumns("UTC")])
    expect(
      leastWidth(
        columns.filter(({ hiddenByDefault }) => !hiddenByDefault),
        { select: false, actions: true },
      ),
    ).toBeLessThanOrEqual(1280 - rail);
});
