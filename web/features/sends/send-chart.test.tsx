import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { type SendChart as Chart, type ChartCounts, chartSeries } from "#contract/send-chart.ts";
import { historyIds } from "#test/build-history.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { SendChart } from "./send-chart.tsx";
import { markPath, seriesLooks } from "./series-looks.ts";

const send = { id: historyIds.send, state: "done", active: 0 } as const;
const counts = (some: Partial<ChartCounts> = {}): ChartCounts =>
  ({ ...Object.fromEntries(chartSeries.map((one) => [one, 0])), ...some }) as ChartCounts;
const chart: Chart = {
  sendId: send.id,
  nodeId: null,
  nodes: [
    { id: "start", label: "Start" },
    { id: "sms", label: "Send SMS" },
  ],
  unit: "hour",
  timeZone: "America/Chicago",
  buckets: [
    { from: "2026-05-03T14:00:00Z", counts: counts({ started: 3, sent: 2 }) },
    { from: "2026-05-03T15:00:00Z", counts: counts() },
    { from: "2026-05-03T16:00:00Z", counts: counts({ sent: 1_000, failed: 1 }) },
  ],
  totals: counts({ started: 3, sent: 1_002, failed: 1 }),
};

describe("the chart of a send", () => {
  it("says that it could not be loaded, and is no empty chart then", async () => {
    fakeApi({
      getSendChart: () => {
        throw new Refusal("count_took_too_long", "This send is too large to be counted over time at the moment.");
      },
    });
    await renderUi(<SendChart send={send} />);
    expect(await screen.findByText("The chart could not be loaded")).toBeDefined();
    expect(screen.queryByText("Nothing has happened yet")).toBeNull();
  });

  it("says that nothing has happened yet", async () => {
    fakeApi({ getSendChart: () => ({ ...chart, buckets: [], totals: counts() }) });
    await renderUi(<SendChart send={send} />);
    expect(await screen.findByText("Nothing has happened yet")).toBeDefined();
  });

  it("tells its totals to who does not see it, and names only what happened", async () => {
    fakeApi({ getSendChart: () => chart });
    await renderUi(<SendChart send={send} />);
    const drawn = await screen.findByRole("img", { name: /Lines of what happened, by hours: 3 started, 1,002 sent, 1 failed/ });
    expect(drawn).toBeDefined();
    const legend = within(screen.getByRole("group", { name: "What is drawn" }));
    expect(legend.getAllByRole("button").map(({ textContent }) => textContent)).toEqual([
      "Started3",
      "Sent1,002",
      "Failed or ended with errors1",
    ]);
    expect(screen.getByText(/on the clock of Chicago/)).toBeDefined();
  });

  it("is drawn of one step, with words for a step, and says where nobody has come to it", async () => {
    fakeApi({
      getSendChart: ({ query }) =>
        query.nodeId === "sms"
          ? { ...chart, nodeId: "sms", totals: counts({ started: 2 }), buckets: [] }
          : query.nodeId === "start"
            ? { ...chart, nodeId: "start", totals: counts(), buckets: [] }
            : chart,
    });
    const { user } = await renderUi(<SendChart send={send} />);
    await user.selectOptions(await screen.findByLabelText("Of which step"), "Send SMS");
    expect((await screen.findByRole("button", { name: /Came to the step/ })).textContent).toBe("Came to the step2");
    await user.selectOptions(screen.getByLabelText("Of which step"), "Start");
    expect(await screen.findByText("Nobody has come to this step")).toBeDefined();
    await user.selectOptions(screen.getByLabelText("Of which step"), "The whole flow");
    expect(await screen.findByRole("button", { name: /Started/ })).toBeDefined();
  });

  it("is a table of the same numbers as well, without the times at which nothing happened", async () => {
    fakeApi({ getSendChart: () => chart });
    const { user } = await renderUi(<SendChart send={send} />);
    await user.click(await screen.findByRole("radio", { name: "Table" }));
    const table = within(screen.getByRole("table"));
    const rows = table.getAllByRole("row").map((row) => [...row.children].map(({ textContent }) => textContent));
    expect(rows.map((row) => row.slice(1))).toEqual([
      ["Started", "Sent", "Failed or ended with errors"],
      ["3", "2", "0"],
      ["0", "1,000", "1"],
      ["3", "1,002", "1"],
    ]);
    await user.click(screen.getByRole("button", { name: /^Sent/ }));
    expect(screen.getByRole("button", { name: /^Sent/ }).getAttribute("aria-pressed")).toBe("false");
    expect(within(screen.getByRole("table")).queryByRole("columnheader", { name: "Sent" })).toBeNull();
  });
});

it("no two lines differ by their colour alone", () => {
  const looks = Object.values(seriesLooks).map(({ dash, shape }) => `${dash} ${shape}`);
  expect(new Set(looks).size).toBe(looks.length);
  for (const { shape } of Object.values(seriesLooks)) expect(markPath(shape, 10, 10)).toMatch(/^M[\d.,\-\sLaZ]+$/);
});
