import { expect, test } from "vitest";
import { oneByOne } from "./one-by-one.ts";

const keys = Array.from({ length: 25 }, (_, index) => index);

test("few graphs are read at a time, and something else has its turn between them", async () => {
  const read: number[] = [];
  let [at, turns] = [0, 0];
  const seen: number[] = [];
  const beside = setInterval(() => {
    turns += 1;
  }, 0);
  const all = oneByOne(
    keys,
    async (some) => {
      read.push(some.length);
      return some;
    },
    { elapsed: () => at, mostMs: 10_000 },
  );
  for await (const key of all) {
    seen.push(key);
    at += 20;
    const until = performance.now() + 2;
    while (performance.now() < until);
  }
  clearInterval(beside);
  expect([read, seen]).toEqual([[10, 10, 5], keys]);
  expect(turns).toBeGreaterThan(5);
});

test("a request that takes too long ends, and what is read does not count", async () => {
  let at = 0;
  const seen: number[] = [];
  const all = oneByOne(
    keys,
    async (some) => {
      at += 1_000_000;
      return some;
    },
    { elapsed: () => at, mostMs: 100 },
  );
  const look = async () => {
    for await (const key of all) {
      seen.push(key);
      at += 60;
    }
  };
  await expect(look()).rejects.toMatchObject({ code: "unavailable", status: 503, retryAfter: 1 });
  expect(seen).toEqual([0, 1]);
});
