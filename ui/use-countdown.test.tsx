import { act, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { renderUi } from "#test/render.tsx";
import { useCountdown } from "./use-countdown.ts";

function Left({ until }: { until: number | null }) {
  return <output>{useCountdown(until)}</output>;
}
const told = () => screen.getByRole("status").textContent;

afterEach(() => vi.useRealTimers());

it("is 0 without a moment, and after it", async () => {
  await renderUi(<Left until={null} />);
  expect(told()).toBe("0");
});

it("is 0 for a moment that has passed", async () => {
  await renderUi(<Left until={Date.now() - 1000} />);
  expect(told()).toBe("0");
});

it("counts whole seconds down to 0 and stays there", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  await renderUi(<Left until={Date.now() + 5000} />);
  expect(["5", "4"]).toContain(told());
  act(() => vi.advanceTimersByTime(3000));
  expect(["2", "1"]).toContain(told());
  act(() => vi.advanceTimersByTime(10_000));
  expect(told()).toBe("0");
});
