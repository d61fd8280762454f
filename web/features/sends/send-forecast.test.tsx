import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { SendForecast as Compared } from "#contract/send-forecasts.ts";
import { buildSend } from "#test/build-history.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { becauseWords, outcomeWords } from "./forecast-outcome-words.ts";
import { SendForecast } from "./send-forecast.tsx";

const id = "0198f5a0-0000-7000-8000-0000000000f1";
const send = buildSend({ forecastId: id });
const compared: Compared = {
  forecastId: id,
  forecastAt: "2026-11-24T10:00:00.000Z",
  flowChanged: false,
  isOver: true,
  nodes: [
    { nodeId: "start", label: "Start", channel: null },
    { nodeId: "sms", label: "Welcome SMS", channel: "sms" },
  ],
  outcomes: [
    { nodeId: null, status: "completed", reason: null, forecast: 3, came: 3 },
    { nodeId: "sms", status: "completed", reason: null, forecast: 3, came: 2 },
    { nodeId: "sms", status: "skipped", reason: "dnc", forecast: 0, came: 1 },
    { nodeId: "start", status: "completed", reason: null, forecast: 3, came: 3 },
  ],
  differing: 1,
};
const bob = {
  contactId: id,
  name: "Bob Wilson",
  forecast: [{ nodeId: "sms", status: "completed" as const, reason: null }],
  came: [{ nodeId: "sms", status: "skipped" as const, reason: "dnc" as const }],
  because: { isNew: false, isGone: false, replied: false, changed: true },
};
const cells = () => screen.getAllByRole("row").map((row) => [...row.children].map(({ textContent }) => textContent));

describe("the forecast of a send beside what came", () => {
  it("counts by step and reason, and names who went another way and what changed", async () => {
    fakeApi({ getSendForecast: () => compared, listDifferingContacts: () => ({ items: [bob], nextCursor: null }) });
    await renderUi(<SendForecast send={send} zone="UTC" />);
    expect(await screen.findByText("1 contact went another way than was forecast")).toBeTruthy();
    expect(cells().slice(1)).toEqual([
      ["Start", "Started", "3", "3"],
      ["Welcome SMS", "Message left", "3", "2"],
      ["Welcome SMS", "Skipped: Marked do-not-contact", "0", "1"],
    ]);
    expect(await screen.findByText("Bob Wilson")).toBeTruthy();
    expect(screen.getByText("was changed since, by a person or a flow")).toBeTruthy();
    expect(screen.getByText("Forecast: Welcome SMS: Message left")).toBeTruthy();
    expect(screen.getByText("Came: Welcome SMS: Skipped: Marked do-not-contact")).toBeTruthy();
  });

  it("says that all came as forecast, and of one under way what is still to come", async () => {
    fakeApi({ getSendForecast: () => ({ ...compared, differing: 0 }) });
    const { unmount } = await renderUi(<SendForecast send={send} zone="UTC" />);
    expect(await screen.findByText("Every contact went the way that was forecast.")).toBeTruthy();
    unmount();
    fakeApi({ getSendForecast: () => ({ ...compared, differing: 0, isOver: false, flowChanged: true }) });
    await renderUi(<SendForecast send={send} zone="UTC" />);
    expect(await screen.findByText(/some of what was forecast is still to come/)).toBeTruthy();
    expect(screen.getByText("The flow was changed between the forecast and the send.")).toBeTruthy();
  });

  it("says in place that it could not be loaded, and loads it again", async () => {
    const server = fakeApi({
      getSendForecast: () => {
        throw new Refusal("internal", "Something broke.");
      },
    });
    const { user } = await renderUi(<SendForecast send={send} zone="UTC" />);
    expect(await screen.findByText("The comparison could not be loaded")).toBeTruthy();
    server.getSendForecast = () => ({ ...compared, differing: 0 });
    await user.click(screen.getByRole("button", { name: "Retry" }));
    expect(await screen.findByText("Every contact went the way that was forecast.")).toBeTruthy();
  });
});

describe("the words of outcomes", () => {
  it("tell what became of a visit", () => {
    expect(outcomeWords({ nodeId: null, status: "skipped", reason: "dnc" }, false)).toBe("Did not start: Marked do-not-contact");
    expect(outcomeWords({ nodeId: "a", status: "failed", reason: "dnc" }, true)).toBe("Failed: Marked do-not-contact");
    expect(outcomeWords({ nodeId: "a", status: "completed", reason: null }, false)).toBe("Passed");
  });
  it("tell why a contact went another way, as far as the rows know", () => {
    const none = { isNew: false, isGone: false, replied: false, changed: false };
    expect(becauseWords(none, false)).toEqual([]);
    expect(becauseWords({ ...none, replied: true }, true)).toEqual(["the flow was changed", "has replied"]);
    expect(becauseWords({ ...none, isNew: true, changed: true }, true)).toEqual(["was not among those looked at"]);
  });
});
