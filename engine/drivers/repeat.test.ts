import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { silentLog } from "#test/engine.ts";
import { repeat } from "./repeat.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what is to be done once a minute is done once a minute, however short the longest pause after a failure is", async () => {
  let turns = 0;
  const count = async () => {
    turns += 1;
  };
  const loop = repeat("minutely", 60_000, count, silentLog);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(turns).toBe(0);
  await vi.advanceTimersByTimeAsync(122_000);
  expect(turns).toBe(3);
  await loop.stop();
});

test("failures make the turns rarer, up to five seconds, and a success brings the usual pace back", async () => {
  let turns = 0;
  let fails = true;
  const loop = repeat(
    "failing",
    100,
    async () => {
      turns += 1;
      if (fails) throw new Error("the database is away");
    },
    silentLog,
  );
  await vi.advanceTimersByTimeAsync(60_000);
  // 0.1, 0.2, … 3.2 s, and from then on every 5.
  expect(turns).toBeGreaterThanOrEqual(16);
  expect(turns).toBeLessThanOrEqual(18);
  fails = false;
  await vi.advanceTimersByTimeAsync(5_000);
  turns = 0;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(turns).toBeGreaterThanOrEqual(9);
  await loop.stop();
});
