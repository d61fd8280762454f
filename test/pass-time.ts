import { onTestFinished, vi } from "vitest";

const clock = performance.now.bind(performance);

/** Moves the clock of this process forward until the test ends, for whatever keeps an answer for a while. Timers are not moved. */
export function passTime(ms: number): void {
  const from = performance.now();
  const at = clock();
  const spy = vi.spyOn(performance, "now").mockImplementation(() => from + ms + clock() - at);
  onTestFinished(() => spy.mockRestore());
}
