import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pauseUntil } from "./long-pause.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const day = 86_400_000;
function begin(ms: number) {
  const control = new AbortController();
  const state = { over: false };
  void pauseUntil(Date.now() + ms, control.signal).then(() => {
    state.over = true;
  });
  return { control, state };
}

test("a pause of more days than a timer of a browser holds is over at its end and not before", async () => {
  const { state } = begin(40 * day);
  await vi.advanceTimersByTimeAsync(40 * day - 1);
  expect(state.over).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(state.over).toBe(true);
});

test("it ends at once where it is given up, and is none where the moment has passed", async () => {
  const { control, state } = begin(day);
  control.abort();
  await vi.advanceTimersByTimeAsync(0);
  expect([state.over, vi.getTimerCount()]).toEqual([true, 0]);
  const passed = begin(0);
  await vi.advanceTimersByTimeAsync(0);
  expect(passed.state.over).toBe(true);
});
