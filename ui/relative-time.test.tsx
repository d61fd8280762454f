import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { renderUi } from "#test/render.tsx";
import { RelativeTime, ZoneProvider } from "./relative-time.tsx";

const noon = Date.parse("2026-05-03T12:00:00Z");
beforeEach(() => {
  vi.useFakeTimers({ now: noon, toFake: ["Date", "setInterval", "clearInterval"] });
});
afterEach(() => void vi.useRealTimers());

const shown = (zone?: string) =>
  renderUi(<ZoneProvider value="America/New_York">{<RelativeTime at="2026-05-03T11:55:00Z" zone={zone} />}</ZoneProvider>);

describe("a relative time", () => {
  it("tells the exact time on hover, in the workspace's zone unless another is meant", async () => {
    const { unmount } = await shown();
    expect(screen.getByText("5 min ago").title).toMatch(/7:55|07:55/);
    unmount();
    await shown("Asia/Kathmandu");
    expect(screen.getByText("5 min ago").title).toMatch(/5:40|17:40/);
  });

  it("grows older by itself while it is shown", async () => {
    await shown();
    act(() => void vi.advanceTimersByTime(60_000));
    expect(screen.getByText("6 min ago")).toBeDefined();
  });

  it("is never in the future for something that happened since the last tick", async () => {
    vi.setSystemTime(noon + 10_000);
    await renderUi(<RelativeTime at={new Date(noon + 9_000).toISOString()} />);
    expect(screen.getByText(/just now|now/i)).toBeDefined();
  });
});
